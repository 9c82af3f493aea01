package io.hemline.serving;

import io.hemline.serving.core.Responder;
import io.hemline.serving.core.ResponseLookup;
import io.hemline.serving.core.TrendBoard;
import io.hemline.serving.forecasts.ForecastResources;
import io.hemline.serving.forecasts.Trends;
import io.hemline.serving.http.Health;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.Resource;
import io.hemline.serving.pages.OpenApi;
import io.hemline.serving.pages.Pages;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The resources of the public listener. */
public final class PublicResources {

    private PublicResources() {}

    /**
     * The resources, with their paths as the OpenAPI writes them.
     *
     * @param responder answers queries; its future may complete on any thread
     * @param cached finds cached responses
     * @param board lists the trends
     * @param ready whether a model is live and the server is not about to stop
     * @param others the resources of other protocols
     */
    public static List<Resource> of(
            HttpConfig config,
            Responder responder,
            ResponseLookup cached,
            TrendBoard board,
            BooleanSupplier ready,
            List<Resource> others) {
        List<Resource> all = new ArrayList<>(new ForecastResources(responder, cached, config).resources());
        all.add(new Trends(board).resource());
        all.addAll(new Health(ready).resources());
        all.addAll(new OpenApi().resources());
        all.addAll(new Pages().resources());
        all.addAll(others);
        return List.copyOf(all);
    }
}
