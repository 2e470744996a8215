// Errors: one system at a time, and of its errors those of a category, of an article, or both.
const systems = [...document.querySelectorAll('.wrongs')];
const chosen = document.getElementById('of');

function only(number) {
  for (const system of systems) system.hidden = system.dataset.n !== number;
}
if (chosen) {
  chosen.addEventListener('change', () => only(chosen.value));
  only(chosen.value);
}

for (const system of systems) {
  const status = system.querySelector('.sift');
  if (!status) continue;
  const places = [...system.querySelectorAll('.wrong > li')];
  const buttons = [...system.querySelectorAll('.cats button')];
  const article = status.querySelector('.in');
  const all = status.querySelector('.all');
  let category = '';
  const pick = () => {
    let n = 0;
    for (const place of places) {
      place.hidden = (category && !place.dataset.c.split(' ').includes(category))
        || (article.value && place.dataset.a !== article.value);
      if (!place.hidden) n++;
    }
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.c === category));
    status.querySelector('.shown').textContent = n;
    status.querySelector('.chosen').textContent = category && '· ' + category.replace(':', ': ');
    all.hidden = !category && !article.value;
  };
  for (const button of buttons)
    button.addEventListener('click', () => {
      category = category === button.dataset.c ? '' : button.dataset.c;
      pick();
      // Where the places stand below the counts, they come into sight.
      if (status.getBoundingClientRect().bottom > innerHeight || status.getBoundingClientRect().top < 0)
        status.scrollIntoView({ block: 'start', behavior: 'instant' });
    });
  article.addEventListener('change', pick);
  all.addEventListener('click', () => {
    category = article.value = '';
    pick();
    article.focus();
  });
}
