package io.hemline.importer.report;

/** A rule that the importer applies to a value that is not plain; each application is reported with its place. */
public enum Rule {
    // of a cell
    NOT_A_NUMBER("not a number", "refused"),
    NEGATIVE("negative", "refused: a volume is at least 0"),
    TOO_LARGE("above 1e30", "refused"),
    BELOW_ONE("\"<1\"", "read as 0.5"),
    BEYOND_HEADER("a cell beyond the columns of the header", "refused"),
    // of a date
    NOT_A_DATE("not a date", "row refused"),
    BEFORE_1970("before 1970", "refused"),
    IN_THE_FUTURE("in the future", "refused"),
    NO_SUCH_WEEK("a week that its year does not have", "refused"),
    OTHER_PERIOD("a period of another length than the table's others", "refused"),
    SHIFTED_BY_DAYLIGHT_SAVING("midnight shifted by daylight saving time", "read as midnight"),
    REPEATED_HEADER("a repeated header", "skipped"),
    // of a series
    NO_NAME("no name of a series", "row refused"),
    NAME_TOO_LONG("name over 100 characters", "refused"),
    DUPLICATE("same series and date with the same value", "merged"),
    CONFLICT("same series and date with another value", "the later one in the file is used"),
    ADDED("one of several rows with the same series and date", "added"),
    UNSORTED("not in the order of time", "sorted"),
    GAP("weeks without a value", "left unobserved"),
    PARTIAL_WEEK("a week that is not complete", "refused"),
    SAME_WEEK("several weeks that fall into one week from Monday", "merged into one value"),
    MISSING_DAYS("weeks without a value on some of their days", "made of the days that have one"),
    BEYOND_520_WEEKS("older than 520 weeks", "refused"),
    NO_VALUE("series without any value", "left out"),
    // of words
    UNKNOWN_WORD("not in the model's vocabulary", "kept; the model treats it as unknown"),
    UNKNOWN_TREND("attributes of a trend that is not imported", "left out"),
    // of merging
    REPLACED("week of an earlier import", "replaced by the newer file"),
    SPLICED("renormalised series", "the earlier weeks are scaled to the newer file"),
    NO_COMMON_WEEK("renormalised series without a common week", "the newer file alone is kept"),
    // of the online store
    STORE_TABLE_MADE("the online store had no table of trends", "made as Feast makes it"),
    NEWER_IN_STORE("newer features in the online store", "left as they are"),
    UNUSABLE_IN_STORE("unusable features in the online store", "taken as absent"),
    SERVERS_NOT_TOLD(
            "running servers were not told",
            "they answer with the new features after cache.ttl and features.postgres.refresh"),
    // of images
    UNUSABLE_IMAGE("an image that the server would refuse", "left out"),
    UNMATCHED_FILE("no image of an imported trend", "left out"),
    TREND_WITHOUT_IMAGE("no usable image of the trend", "its embedding is unchanged");

    private final String fact;
    private final String consequence;

    Rule(String fact, String consequence) {
        this.fact = fact;
        this.consequence = consequence;
    }

    /** What is not plain. */
    public String fact() {
        return fact;
    }

    /** What the importer does about it. */
    public String consequence() {
        return consequence;
    }
}
