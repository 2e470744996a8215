// The texts: layers on and off, details by pointer and keyboard, predictions beside gold.
const details = JSON.parse(document.getElementById('data').textContent);
const reading = document.getElementById('articles');
const panel = document.querySelector('.panel');
const said = panel.querySelector('.said');
const hint = said.firstElementChild;
let pinned = [];

const node = (name, text, kind) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
};
const isOn = (anchor) => anchor in details && !reading.classList.contains('no-' + details[anchor][0]);

function describe(anchor) {
  const [layer, kind, id, rows] = details[anchor];
  const box = node('section', '', 'item l-' + layer);
  const head = node('h4', kind + ' ' + id);
  const address = node('a', '#' + anchor);
  address.href = '#' + anchor;
  head.append(address);
  const list = node('dl');
  for (const [name, value, href] of rows) {
    const said = node('dd', href ? '' : value);
    if (href) {
      const link = node('a', value);
      link.href = '#' + href;
      said.append(link);
    }
    list.append(node('dt', name), said);
  }
  box.append(head, list);
  return box;
}

function show(anchors) {
  for (const segment of reading.querySelectorAll('.on')) segment.classList.remove('on');
  const listed = anchors.filter(isOn);
  panel.toggleAttribute('data-empty', !listed.length);
  said.replaceChildren(...(listed.length ? listed.map(describe) : [hint]));
  if (listed.length)
    for (const segment of reading.querySelectorAll(`[data-i~="${CSS.escape(listed[0])}"]`)) segment.classList.add('on');
}

const under = (target) => {
  const segment = target.closest && target.closest('#articles .article [data-i]');
  return segment ? segment.dataset.i.split(' ').filter(isOn) : [];
};

// Where the details cover the text, they come only when asked for.
const covers = () => getComputedStyle(panel).position === 'fixed';
reading.addEventListener('pointerover', (event) => {
  if (event.pointerType === 'touch' || covers() || event.target.closest('.panel')) return;
  const here = under(event.target);
  show(here.length ? here : pinned);
});
reading.addEventListener('click', (event) => {
  if (event.target.closest('.panel, a, button, select, summary') || !getSelection().isCollapsed) return;
  const here = under(event.target);
  pinned = here;
  show(here);
  if (here.length) history.replaceState(null, '', '#' + here[0]);
});
panel.querySelector('.close').addEventListener('click', () => { pinned = []; show([]); });

// By keyboard: each text is one stop of the tab key, the arrow keys go from item to item.
const handles = (item) => {
  const row = item.closest('.t');
  const column = row.dataset.n ? `.y[data-n="${row.dataset.n}"]` : '.g';
  return [...item.closest('.article').querySelectorAll(`${column} .h`)].filter((each) => isOn(each.id));
};
function stops() {
  for (const item of reading.querySelectorAll('.h')) item.tabIndex = -1;
  for (const article of reading.querySelectorAll('.article'))
    for (const column of new Set([...article.querySelectorAll('.t')].map((row) => row.dataset.n || ''))) {
      const first = [...article.querySelectorAll(column ? `.y[data-n="${column}"] .h` : '.g .h')].find((each) => isOn(each.id));
      if (first) first.tabIndex = 0;
    }
}
reading.addEventListener('focusin', (event) => {
  if (!event.target.classList.contains('h')) return;
  pinned = [event.target.id];
  show(pinned);
});
reading.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    pinned = [];
    show([]);
    return;
  }
  if (!event.target.classList.contains('h') || event.ctrlKey || event.altKey || event.metaKey) return;
  const listed = handles(event.target);
  const at = listed.indexOf(event.target);
  const next = {
    ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: listed.length - 1,
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const item = listed[Math.min(Math.max(next, 0), listed.length - 1)];
  event.target.tabIndex = -1;
  item.tabIndex = 0;
  item.focus({ preventScroll: true });
  inSight(item);
});

function inSight(item) {
  const first = reading.querySelector(`.article [data-i~="${CSS.escape(item.id)}"]`) || item;
  const place = first.getBoundingClientRect();
  const low = innerHeight * (covers() ? 0.5 : 0.85);
  if (place.top < 80 || place.bottom > low) first.scrollIntoView({ block: 'center', behavior: 'instant' });
}

function setLayer(letter, on) {
  reading.classList.toggle('no-' + letter, !on);
  reading.querySelector(`[data-layer="${letter}"]`).setAttribute('aria-pressed', String(on));
  stops();
  show(pinned);
}
for (const button of reading.querySelectorAll('[data-layer]'))
  button.addEventListener('click', () => setLayer(button.dataset.layer, button.getAttribute('aria-pressed') !== 'true'));

// Beside gold: a system's paragraphs, and on the gold what it missed.
const beside = document.getElementById('with');
let added = [];
function compare(number) {
  for (const [segment, names] of added) segment.classList.remove(...names);
  added = [];
  reading.classList.toggle('comparing', number !== '');
  for (const part of reading.querySelectorAll('.y, .tally')) part.hidden = part.dataset.n !== number;
  if (number === '') return;
  for (const segment of reading.querySelectorAll(`[data-w${number}]`)) {
    const names = segment.dataset['w' + number].split(' ');
    segment.classList.add(...names);
    added.push([segment, names]);
  }
}
if (beside) beside.addEventListener('change', () => compare(beside.value));

// An item that an address names: its layer and its column are switched on.
function openItem(item) {
  const column = item.closest('.t').dataset.n;
  if (column && beside && beside.value !== column) {
    beside.value = column;
    compare(column);
  }
  if (!isOn(item.id)) setLayer(details[item.id][0], true);
  item.focus({ preventScroll: true });
  const first = reading.querySelector(`.article [data-i~="${CSS.escape(item.id)}"]`) || item;
  first.scrollIntoView({ block: 'center', behavior: 'instant' });
}
stops();
