// The colors that the reader chose, set before the page is painted. A choice that follows the system is looked up again.
(() => {
  const color = window.__md_get("__palette")?.color;
  if (!color) {
    return;
  }
  if (color.media === "(prefers-color-scheme)") {
    const wanted = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
    const option = document.querySelector(`[data-md-color-media="(prefers-color-scheme: ${wanted})"]`);
    for (const name of ["media", "scheme", "primary", "accent"]) {
      color[name] = option?.getAttribute(`data-md-color-${name}`) ?? color[name];
    }
  }
  for (const name of ["media", "scheme", "primary", "accent"]) {
    if (typeof color[name] === "string") {
      document.body.setAttribute(`data-md-color-${name}`, color[name]);
    }
  }
})();
