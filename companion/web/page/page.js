// Runs before the terminal's own script: that one keeps its socket to itself.
let socket = null;

window.WebSocket = class extends window.WebSocket {
  constructor(...where) {
    super(...where);
    socket = this;
    this.addEventListener("open", () => {
      document.querySelector(".xterm-helper-textarea")?.focus({ preventScroll: true });
    });
  }
};

function press(key) {
  if (socket !== null && socket.readyState === socket.OPEN) {
    socket.send(JSON.stringify(["stdin", key]));
  }
}

window.addEventListener("load", () => {
  document.getElementById("again").addEventListener("click", () => window.location.reload());
  for (const button of document.querySelectorAll("[data-key]")) {
    button.addEventListener("click", () => press(button.dataset.key));
  }
});
