package io.hemline.importer.layout;

import io.hemline.importer.table.Cell;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Words that people and vendors put into headers. */
public final class Words {

    static final Set<String> DATE = Set.of(
            "date",
            "ds",
            "day",
            "week",
            "month",
            "time",
            "timestamp",
            "period",
            "week of",
            "week_start",
            "week start",
            "week_end",
            "datum",
            "tag",
            "woche",
            "monat",
            "zeit",
            "fecha",
            "d\u00eda",
            "dia",
            "semana",
            "mes",
            "data",
            "jour",
            "semaine",
            "mois",
            "giorno",
            "settimana",
            "mese",
            "ng\u00e0y",
            "tu\u1ea7n",
            "th\u00e1ng",
            "\u65e5",
            "\u9031",
            "\u6708",
            "\u65e5\u4ed8",
            "dag",
            "maand",
            "tijd",
            "heure",
            "hour",
            "stunde",
            "hora",
            "ora",
            "gi\u1edd",
            "uur");
    public static final Set<String> NAME = Set.of(
            "unique_id",
            "item_id",
            "series",
            "series_id",
            "trend",
            "hashtag",
            "keyword",
            "term",
            "query",
            "product",
            "sku",
            "item",
            "name",
            "id",
            "style",
            "article",
            "begriff",
            "suchbegriff",
            "produkt",
            "artikel",
            "marke",
            "produit",
            "nom",
            "terme",
            "producto",
            "t\u00e9rmino",
            "nombre",
            "prodotto",
            "nome",
            "termine",
            "produto",
            "termo",
            "xu h\u01b0\u1edbng",
            "s\u1ea3n ph\u1ea9m",
            "t\u1eeb kh\u00f3a",
            "\u30ad\u30fc\u30ef\u30fc\u30c9",
            "\u30c8\u30ec\u30f3\u30c9",
            "zoekterm",
            "naam",
            "tendance",
            "tendencia",
            "tendenza",
            "tend\u00eancia");
    static final Set<String> VALUE = Set.of(
            "y",
            "target",
            "value",
            "values",
            "sales",
            "volume",
            "count",
            "hits",
            "quantity",
            "qty",
            "units",
            "posts",
            "searches",
            "interest",
            "demand",
            "amount",
            "revenue",
            "wert",
            "menge",
            "umsatz",
            "absatz",
            "anzahl",
            "st\u00fcck",
            "st\u00fcckzahl",
            "valeur",
            "ventes",
            "quantit\u00e9",
            "valor",
            "ventas",
            "cantidad",
            "vendite",
            "quantit\u00e0",
            "vendas",
            "quantidade",
            "gi\u00e1 tr\u1ecb",
            "s\u1ed1 l\u01b0\u1ee3ng",
            "doanh s\u1ed1",
            "waarde",
            "aantal",
            "verkoop");
    public static final Set<String> MARKET = Set.of(
            "market",
            "country",
            "geo",
            "region",
            "location",
            "land",
            "markt",
            "pays",
            "pa\u00eds",
            "paese",
            "qu\u1ed1c gia");
    public static final Set<String> GENDER =
            Set.of("gender", "sex", "geschlecht", "genre", "g\u00e9nero", "genere", "gi\u1edbi t\u00ednh");
    public static final Set<String> CATEGORY = Set.of(
            "category", "kategorie", "cat\u00e9gorie", "categor\u00eda", "categoria", "danh m\u1ee5c", "garment");
    static final Set<String> PARTIAL = Set.of("ispartial");
    private static final Set<String> GOOGLE_CATEGORY = Set.of(
            "category",
            "kategorie",
            "cat\u00e9gorie",
            "categor\u00eda",
            "categoria",
            "categorie",
            "danh m\u1ee5c",
            "\u30ab\u30c6\u30b4\u30ea",
            "\u7c7b\u522b",
            "\u985e\u5225",
            "\uce74\ud14c\uace0\ub9ac",
            "kategoria",
            "kategori");
    private static final Set<String> FEMALE = Set.of(
            "female", "f", "w", "woman", "women", "womens", "women's", "ladies", "damen", "femme", "femmes", "mujer",
            "donna");
    private static final Set<String> MALE =
            Set.of("male", "m", "man", "men", "mens", "men's", "herren", "homme", "hommes", "hombre", "uomo");

    private Words() {}

    /** Whether a text is the first line of a Google Trends download, {@code category: all categories}. */
    static boolean isCategoryLine(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && GOOGLE_CATEGORY.contains(text.substring(0, colon).strip());
    }

    /** A header cell in canonical form; empty unless it is text. */
    public static String of(Cell cell) {
        return cell instanceof Cell.Text text ? canonical(text.value()) : "";
    }

    public static String canonical(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .replace("\uFEFF", "")
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** The gender of a word; any other word stays as it is. */
    public static @Nullable String gender(String text) {
        String word = canonical(text);
        return FEMALE.contains(word) ? "female" : MALE.contains(word) ? "male" : word.isEmpty() ? null : word;
    }
}
