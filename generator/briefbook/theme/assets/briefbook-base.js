// What the theme keeps in the browser's storage, by the site's root: its own script for this stands inside the page,
// and the pages' Content-Security-Policy lets no such script run.
window.__md_scope = new URL("..", document.currentScript.src);

window.__md_hash = (text) => [...text].reduce((sum, letter) => (sum << 5) - sum + letter.charCodeAt(0), 0);

window.__md_get = (key, storage = localStorage, scope = window.__md_scope) => {
  try {
    return JSON.parse(storage.getItem(`${scope.pathname}.${key}`));
  } catch {
    return null;
  }
};

window.__md_set = (key, value, storage = localStorage, scope = window.__md_scope) => {
  try {
    storage.setItem(`${scope.pathname}.${key}`, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing forgets the choice, and the page stands all the same.
  }
};
