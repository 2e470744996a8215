// Sections, articles and addresses: which part of the page is shown.
'use strict';
const views = [...document.querySelectorAll('.view')];
const articles = [...document.querySelectorAll('.article')];
const links = (container) => [...document.querySelectorAll(container + ' a')];

function current(listed, id) {
  for (const link of listed) {
    if (link.getAttribute('href') === '#' + id) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

function showView(id) {
  for (const view of views) view.hidden = view.id !== id;
  current(links('.views'), id);
}

function showArticle(id) {
  for (const article of articles) article.hidden = article.id !== id;
  current(links('.tabs'), id);
}

// What an address names: opened, however deep it is folded away, scrolled to, and focused if it can be.
function go() {
  let name = '';
  try { name = decodeURIComponent(location.hash.slice(1)); } catch { /* no address of ours */ }
  const found = document.getElementById(name);
  const view = found && found.closest('.view');
  if (found && !view) return;
  showView(view ? view.id : views[0].id);
  if (!view) return;
  const article = found.closest('.article');
  if (article) showArticle(article.id);
  for (let fold = found.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  if (found.classList.contains('h')) openItem(found);
  else if (found === view) window.scrollTo(0, 0);
  else found.scrollIntoView({ block: 'start', behavior: 'instant' });
}

if (articles.length) showArticle(articles[0].id);
window.addEventListener('hashchange', go);
document.addEventListener('DOMContentLoaded', go);
// The browser goes to the address by itself once all is loaded, and to the upper edge: go once more.
history.scrollRestoration = 'manual';
window.addEventListener('load', () => requestAnimationFrame(() => requestAnimationFrame(go)));
