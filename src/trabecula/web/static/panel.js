// Without a connection no answer arrives: then the one to another choice goes, and a sentence of the page stands there.
document.addEventListener("htmx:sendError", () => {
  const said = document.getElementById("w-unreachable").content.cloneNode(true);
  document.getElementById("w-answer").replaceChildren(said);
});
