// What a run leaves behind, in the folder OUT: JSON with everything, JUnit for the build, Prometheus text for the dashboards.

const SECONDS = (data) => data.state.testRunDurationMs / 1000;

/** The files and the text of a script's run. */
export const summaryOf = (script, seed) => (data) => {
  const promises = promisesOf(data);
  const files = { stdout: text(script, seed, data, promises) };
  if (__ENV.OUT) {
    const file = (ending) => `${__ENV.OUT}/${script}.${ending}`;
    files[file("json")] = JSON.stringify({ script, seed, target: __ENV.TARGET, seconds: SECONDS(data), promises, metrics: data.metrics }, null, 1);
    files[file("junit.xml")] = junit(script, data, promises);
    files[file("prom")] = prometheus(script, data, promises);
  }
  return files;
};

/** One for each threshold: which metric must be how, how it was, whether that is kept. */
function promisesOf(data) {
  return Object.entries(data.metrics).flatMap(([metric, { thresholds = {}, values }]) =>
    Object.entries(thresholds).map(([must, { ok }]) => ({ metric, must, was: values[must.split(/[<>=]/)[0].trim()], kept: ok })));
}

function text(script, seed, data, promises) {
  const lines = promises.map(({ metric, must, was, kept }) => `  ${kept ? "kept  " : "BROKEN"} ${metric} ${must}   was ${short(was)}`);
  const times = data.metrics["http_req_duration{scenario:asking}"].values;
  const asked = ["med", "p(90)", "p(95)", "p(99)", "max"].map((name) => `${name} ${short(times[name])}`).join(", ");
  return `${script}, seed ${seed}: ${times.count} answers in ${short(SECONDS(data))} s; ms: ${asked}\n${lines.join("\n")}\n`;
}

function junit(script, data, promises) {
  const cases = promises.map(({ metric, must, was, kept }) => {
    const name = escaped(`${metric} ${must}`);
    const inside = kept ? "" : `<failure message="${name}: was ${short(was)}"/>`;
    return `  <testcase classname="loadtest.${script}" name="${name}" time="${SECONDS(data)}">${inside}</testcase>`;
  });
  const failures = promises.filter(({ kept }) => !kept).length;
  return `<testsuite name="loadtest.${script}" tests="${promises.length}" failures="${failures}" time="${SECONDS(data)}">\n${cases.join("\n")}\n</testsuite>\n`;
}

/** For the textfile collector of Prometheus' node exporter. */
function prometheus(script, data, promises) {
  const kept = promises.map((one) => `hemline_load_promise_kept{${labels({ script, metric: one.metric, must: one.must })}} ${Number(one.kept)}`);
  const values = Object.entries(data.metrics).flatMap(([metric, of]) =>
    Object.entries(of.values).map(([stat, value]) => `hemline_load_value{${labels({ script, metric, stat })}} ${value}`));
  return [
    "# HELP hemline_load_promise_kept Whether the last run of the script kept the promise", "# TYPE hemline_load_promise_kept gauge", ...kept,
    "# HELP hemline_load_value What the last run of the script measured, in k6's units", "# TYPE hemline_load_value gauge", ...values,
    "# HELP hemline_load_finished_seconds When the last run of the script ended", "# TYPE hemline_load_finished_seconds gauge",
    `hemline_load_finished_seconds{${labels({ script })}} ${Math.floor(Date.now() / 1000)}`, "",
  ].join("\n");
}

const labels = (all) => Object.entries(all).map(([name, value]) => `${name}="${String(value).replace(/["\\\n]/g, "\\$&")}"`).join(",");
const escaped = (raw) => raw.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
const short = (number) => (typeof number === "number" ? String(Number(number.toPrecision(3))) : "never seen");
