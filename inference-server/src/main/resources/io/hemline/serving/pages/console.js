// Asks /v1/forecasts and draws each answer: what was observed, the median ahead, and the band from 10 % to 90 %.
'use strict';

const WIDTH = 900;
const HEIGHT = 260;
const LEFT = 60;
const BOTTOM = 24;
const WEEKS_SHOWN = 104;
const SVG = 'http://www.w3.org/2000/svg';

const byId = (id) => document.getElementById(id);

function svg(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function html(name, attributes, text) {
  const element = document.createElement(name);
  Object.assign(element, attributes);
  element.textContent = text;
  return element;
}

// A path through the observed points; a gap where nothing was observed.
function path(values, x, y) {
  let drawing = false;
  return values.map((value, i) => {
    if (value === null) {
      drawing = false;
      return '';
    }
    const command = (drawing ? 'L' : 'M') + x(i).toFixed(1) + ' ' + y(value).toFixed(1);
    drawing = true;
    return command;
  }).join(' ');
}

function chart(forecast) {
  const observed = forecast.history.volume.slice(-WEEKS_SHOWN);
  const weeks = forecast.history.weeks.slice(-WEEKS_SHOWN).concat(forecast.weeks);
  const low = forecast.quantiles['0.1'];
  const median = forecast.quantiles['0.5'];
  const high = forecast.quantiles['0.9'];
  const all = observed.concat(low, high).filter((value) => value !== null);
  const max = Math.max(...all);
  const min = Math.min(0, ...all);
  const span = max - min || 1;
  const x = (i) => LEFT + (i * (WIDTH - LEFT - 10)) / (weeks.length - 1);
  const y = (value) => 10 + ((max - value) * (HEIGHT - BOTTOM - 10)) / span;
  const ahead = (i) => x(i + observed.length);
  const rim = high.map((value, i) => [ahead(i), y(value)])
    .concat(low.map((value, i) => [ahead(i), y(value)]).reverse());
  const drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' });
  drawing.append(
    svg('title', {}, `${forecast.id}: ${forecast.trend_class}`),
    svg('polygon', { class: 'band', points: rim.map((point) => point.map((v) => v.toFixed(1)).join(',')).join(' ') }),
    svg('path', { class: 'observed', d: path(observed, x, y) }),
    svg('path', { class: 'median', d: path(median, ahead, y) }),
    svg('line', { class: 'today', x1: ahead(-0.5), x2: ahead(-0.5), y1: 10, y2: HEIGHT - BOTTOM }),
    svg('text', { x: 0, y: y(max) + 10 }, max.toPrecision(3)),
    svg('text', { x: 0, y: y(min) }, min.toPrecision(3)),
    svg('text', { x: LEFT, y: HEIGHT - 4 }, weeks[0]),
    svg('text', { x: WIDTH - 10, y: HEIGHT - 4, 'text-anchor': 'end' }, weeks[weeks.length - 1]),
  );
  return drawing;
}

function score(value) {
  return value === null ? 'no score' : (value > 0 ? '+' : '') + (value * 100).toFixed(1) + ' %';
}

function show(answer) {
  byId('answers').replaceChildren();
  for (const forecast of answer.forecasts) {
    const place = forecast.market ? ' in ' + forecast.market : '';
    const drivers = forecast.drivers.variables.slice(0, 3).map((driver) => driver.name).join(', ');
    byId('answers').append(
      html('h2', {}, `${forecast.id}${place}: ${forecast.trend_class}, ${score(forecast.trend_score)}`),
      html('p', { className: 'note' }, `Driven by ${drivers}; features of ${forecast.features_as_of};`
        + ` model ${answer.model.name} ${answer.model.version}${forecast.cold_start ? '; less than a year to learn from' : ''}`),
      chart(forecast),
    );
  }
}

// Whoever reads a chart must know what its model learned from.
async function tellOrigin(model) {
  const known = await fetch('v2/models/' + encodeURIComponent(model.name));
  const synthetic = known.ok && (await known.json()).properties.training_data === 'synthetic';
  byId('origin').textContent = synthetic ? 'SYNTHETIC: this model learned from made-up series and pictures alone.' : '';
}

function say(message) {
  byId('message').textContent = message;
  byId('message').hidden = !message;
}

async function ask() {
  const query = new URLSearchParams({ hashtags: byId('hashtags').value, include: 'history' });
  if (byId('market').value.trim()) query.set('market', byId('market').value.trim());
  try {
    const response = await fetch('v1/forecasts?' + query);
    const answer = await response.json();
    say(response.ok ? '' : [answer.detail, ...(answer.errors || []).map((error) => error.detail)].join(' · '));
    if (!response.ok) return;
    show(answer);
    await tellOrigin(answer.model);
  } catch (error) {
    say('No answer: ' + error.message);
  }
}

async function greet() {
  const ready = await fetch('health/ready');
  const trends = await fetch('v1/trends?limit=50');
  if (!trends.ok) {
    byId('state').textContent = ready.ok ? 'A model is live.' : 'No model is live.';
    return;
  }
  const version = trends.headers.get('X-Model-Version');
  byId('state').textContent = `Version ${version} is ${ready.ok ? 'live' : 'live but not ready'}.`;
  const list = (await trends.json()).trends;
  byId('known').replaceChildren(...list.map((trend) => html('option', { value: trend.hashtag }, trend.market)));
  if (!list.length || byId('hashtags').value) return;
  const { market } = list.find((trend) => trend.trend_class === 'rising') || list[0];
  const there = list.filter((trend) => trend.market === market && trend.trend_class === 'rising');
  byId('market').value = market;
  byId('hashtags').value = (there.length ? there : list.slice(0, 1)).slice(0, 3).map((trend) => trend.hashtag).join(', ');
  await ask();
}

byId('question').addEventListener('submit', (event) => {
  event.preventDefault();
  ask();
});
greet().catch((error) => { byId('state').textContent = 'No answer: ' + error.message; });
