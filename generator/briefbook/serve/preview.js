// Only ever served by `briefbook serve`, never part of a site: reloads the page, and shows what is wrong as a bar.
"use strict";
(() => {
  const mine = document.currentScript.dataset.version;
  const bar = document.createElement("div");
  bar.id = "briefbook-preview";
  bar.setAttribute("role", "alert");
  Object.assign(bar.style, {
    position: "fixed", left: "0", right: "0", bottom: "0", zIndex: "1000", maxHeight: "40vh", overflow: "auto",
    boxSizing: "border-box", padding: "12px 16px", background: "#8e0016", color: "#fff",
    font: "14px/1.5 system-ui, sans-serif", overflowWrap: "anywhere", whiteSpace: "pre-wrap",
  });

  function show(state) {
    if (state.version !== mine) {
      location.reload();
      return;
    }
    bar.replaceChildren(...[state.note, ...state.problems].filter(Boolean).map((text) => {
      const line = document.createElement("div");
      line.textContent = text;
      return line;
    }));
    if (state.problems.length) document.body.append(bar);
    else bar.remove();
  }

  // A tab that nobody sees holds no connection: browsers allow six to one server.
  let events = null;
  function listen() {
    events?.close();
    events = null;
    if (document.hidden) return;
    events = new EventSource("/_briefbook/events");
    events.onmessage = (event) => show(JSON.parse(event.data));
  }
  document.addEventListener("visibilitychange", listen);
  addEventListener("pageshow", listen);
  addEventListener("pagehide", () => events?.close());
})();
