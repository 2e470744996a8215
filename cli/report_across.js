// Across the articles: find, kinds of rows, and the two sides of a difference.
const across = document.getElementById('across');
const find = document.getElementById('find');
let rows = '';

function sift() {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const part of across.querySelectorAll('.found')) {
    const kind = rows && part.dataset.kind !== undefined && !part.dataset.kind.split(' ').includes(rows);
    const text = words.length ? part.textContent.toLowerCase() : '';
    part.hidden = kind || words.some((word) => !text.includes(word));
  }
}
function setRows(kind) {
  rows = kind;
  for (const button of across.querySelectorAll('[data-rows]'))
    button.setAttribute('aria-pressed', String(button.dataset.rows === kind));
  sift();
}
if (find) find.addEventListener('input', sift);
for (const button of across.querySelectorAll('[data-rows]'))
  button.addEventListener('click', () => setRows(button.dataset.rows));
if (across.querySelector('[data-rows]')) setRows(across.querySelector('[data-rows]').dataset.rows);

across.addEventListener('pointerover', (event) => {
  for (const marked of across.querySelectorAll('.df.on')) marked.classList.remove('on');
  const card = event.target.closest('.card');
  const one = card && event.target.closest('[data-d], .df[data-i]');
  if (!one) return;
  const labels = (one.dataset.d || one.dataset.i).split(' ');
  for (const label of labels)
    for (const marked of card.querySelectorAll(`.df[data-i~="${label}"]`)) marked.classList.add('on');
});

// A printed page has no folds.
window.addEventListener('beforeprint', () => {
  for (const fold of document.querySelectorAll('details')) fold.open = true;
});
