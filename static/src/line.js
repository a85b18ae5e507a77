// The line to the server: JSON both ways, errors as sentences.

/** The JSON behind an address. Throws an Error whose message may be shown. */
export async function read(address) {
  return answered(await fetch(address, { headers: { Accept: "application/json" } }));
}

/** Sends JSON with the page's CSRF token; the answer's JSON. Throws an Error whose message may be shown. */
export async function send(address, body, csrf) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": csrf };
  return answered(await fetch(address, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function answered(answer) {
  let told = {};
  try {
    told = await answer.json();
  } catch {
    // Not JSON: an error page of a proxy, or a session that ended.
  }
  if (!answer.ok) throw new Error(told.message || `Le serveur a répondu ${answer.status}. Rechargez la page ; rien n'a été enregistré.`);
  return told;
}
