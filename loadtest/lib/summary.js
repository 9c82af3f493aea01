// The reports of a run in the folder OUT: complete JSON, JUnit for CI, Prometheus text for the dashboards.

const secondsOf = (data) => data.state.testRunDurationMs / 1000;

/** The report files and the text on stdout. */
export const summaryOf = (script, seed) => (data) => {
  const results = thresholdsOf(data);
  const files = { stdout: text(script, seed, data, results) };
  if (__ENV.OUT) {
    const file = (ending) => `${__ENV.OUT}/${script}.${ending}`;
    files[file("json")] = JSON.stringify(
      { script, seed, target: __ENV.TARGET, seconds: secondsOf(data), promises: results, metrics: data.metrics },
      null,
      1,
    );
    files[file("junit.xml")] = junit(script, data, results);
    files[file("prom")] = prometheus(script, data, results);
  }
  return files;
};

/** One entry per threshold: metric, condition, measured value and outcome. */
function thresholdsOf(data) {
  return Object.entries(data.metrics).flatMap(([metric, { thresholds = {}, values }]) =>
    Object.entries(thresholds).map(([must, { ok }]) => ({
      metric,
      must,
      was: values[must.split(/[<>=]/)[0].trim()],
      kept: ok,
    })),
  );
}

function text(script, seed, data, results) {
  const lines = results.map(
    ({ metric, must, was, kept }) => `  ${kept ? "passed " : "CROSSED"} ${metric} ${must}   was ${short(was)}`,
  );
  const times = data.metrics["http_req_duration{scenario:asking}"].values;
  const latencies = ["med", "p(90)", "p(95)", "p(99)", "max"].map((name) => `${name} ${short(times[name])}`).join(", ");
  return `${script}, seed ${seed}: ${times.count} responses in ${short(secondsOf(data))} s; ms: ${latencies}\n${lines.join("\n")}\n`;
}

function junit(script, data, results) {
  const cases = results.map(({ metric, must, was, kept }) => {
    const name = escaped(`${metric} ${must}`);
    const inside = kept ? "" : `<failure message="${name}: was ${short(was)}"/>`;
    return `  <testcase classname="loadtest.${script}" name="${name}" time="${secondsOf(data)}">${inside}</testcase>`;
  });
  const failures = results.filter(({ kept }) => !kept).length;
  return `<testsuite name="loadtest.${script}" tests="${results.length}" failures="${failures}" time="${secondsOf(data)}">\n${cases.join("\n")}\n</testsuite>\n`;
}

/** Text for the textfile collector of Prometheus' node exporter. */
function prometheus(script, data, results) {
  const kept = results.map(
    (one) => `hemline_load_promise_kept{${labels({ script, metric: one.metric, must: one.must })}} ${Number(one.kept)}`,
  );
  const values = Object.entries(data.metrics).flatMap(([metric, of]) =>
    Object.entries(of.values).map(
      ([stat, value]) => `hemline_load_value{${labels({ script, metric, stat })}} ${value}`,
    ),
  );
  return [
    "# HELP hemline_load_promise_kept Whether the last run of the script passed the threshold",
    "# TYPE hemline_load_promise_kept gauge",
    ...kept,
    "# HELP hemline_load_value The metrics of the last run of the script, in k6's units",
    "# TYPE hemline_load_value gauge",
    ...values,
    "# HELP hemline_load_finished_seconds The end of the last run of the script, in seconds since 1970",
    "# TYPE hemline_load_finished_seconds gauge",
    `hemline_load_finished_seconds{${labels({ script })}} ${Math.floor(Date.now() / 1000)}`,
    "",
  ].join("\n");
}

const labels = (all) =>
  Object.entries(all)
    .map(([name, value]) => `${name}="${String(value).replace(/["\\\n]/g, "\\$&")}"`)
    .join(",");
const escaped = (raw) => raw.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
const short = (number) => (typeof number === "number" ? String(Number(number.toPrecision(3))) : "not measured");
