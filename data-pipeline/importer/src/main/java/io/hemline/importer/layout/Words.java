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
            "día",
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
            "ngày",
            "tuần",
            "tháng",
            "日",
            "週",
            "月",
            "日付",
            "dag",
            "maand",
            "tijd",
            "heure",
            "hour",
            "stunde",
            "hora",
            "ora",
            "giờ",
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
            "término",
            "nombre",
            "prodotto",
            "nome",
            "termine",
            "produto",
            "termo",
            "xu hướng",
            "sản phẩm",
            "từ khóa",
            "キーワード",
            "トレンド",
            "zoekterm",
            "naam",
            "tendance",
            "tendencia",
            "tendenza",
            "tendência");
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
            "stück",
            "stückzahl",
            "valeur",
            "ventes",
            "quantité",
            "valor",
            "ventas",
            "cantidad",
            "vendite",
            "quantità",
            "vendas",
            "quantidade",
            "giá trị",
            "số lượng",
            "doanh số",
            "waarde",
            "aantal",
            "verkoop");
    public static final Set<String> MARKET = Set.of(
            "market", "country", "geo", "region", "location", "land", "markt", "pays", "país", "paese", "quốc gia");
    public static final Set<String> GENDER =
            Set.of("gender", "sex", "geschlecht", "genre", "género", "genere", "giới tính");
    public static final Set<String> CATEGORY =
            Set.of("category", "kategorie", "catégorie", "categoría", "categoria", "danh mục", "garment");
    static final Set<String> PARTIAL = Set.of("ispartial");
    private static final Set<String> GOOGLE_CATEGORY = Set.of(
            "category",
            "kategorie",
            "catégorie",
            "categoría",
            "categoria",
            "categorie",
            "danh mục",
            "カテゴリ",
            "类别",
            "類別",
            "카테고리",
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
