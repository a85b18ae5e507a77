// Follows a running import; without this file, reloading the page does the same.
const place = document.querySelector("[data-progress]");
const bar = place && place.querySelector("progress");
const words = place && place.querySelector("[data-words]");

async function look() {
  const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const told = await answer.json();
  bar.max = Math.max(told.lignes, 1);
  bar.value = told.faites;
  words.textContent = `${told.faites.toLocaleString("fr-FR")} sur ${told.lignes.toLocaleString("fr-FR")} lignes. Vous pouvez quitter cette page.`;
  if (told.etat === "running") setTimeout(look, 1000);
  else location.reload();
}

if (place) setTimeout(look, 1000);
