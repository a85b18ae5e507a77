// French of the drawing tools of bpmn-js and its minimap; our own words. Keys are the texts of the packages.
const gateways = {
  "Complex gateway": "Branchement complexe",
  "Event-based gateway": "Branchement sur évènement",
  "Exclusive Gateway": "Branchement exclusif",
  "Exclusive gateway": "Branchement exclusif",
  "Inclusive gateway": "Branchement inclusif",
  "Parallel gateway": "Branchement parallèle",
};

const activities = {
  "Ad-hoc sub-process": "Sous-processus libre",
  "Ad-hoc sub-process (collapsed)": "Sous-processus libre (replié)",
  "Ad-hoc sub-process (expanded)": "Sous-processus libre (déplié)",
  "Business Rule Task": "Table de décision",
  "Business rule task": "Table de décision",
  "Call Activity": "Appel d'un processus",
  "Call activity": "Appel d'un processus",
  "Event sub-process": "Sous-processus sur évènement",
  "Expanded Sub Process": "Sous-processus",
  "Manual task": "Tâche manuelle",
  "Receive task": "Tâche d'attente",
  "Script Task": "Calcul",
  "Script task": "Calcul",
  "Send Task": "Envoi",
  "Send task": "Envoi",
  "Service Task": "Service",
  "Service task": "Service",
  "Sub-process": "Sous-processus",
  "Sub-process (collapsed)": "Sous-processus (replié)",
  "Sub-process (expanded)": "Sous-processus (déplié)",
  Task: "Tâche",
  Transaction: "Transaction",
  "User Task": "Tâche d'une personne",
  "User task": "Tâche d'une personne",
};

// Events are named from their parts: what happens, where it stands, whether it interrupts.
const events = {
  "End Event": "Fin",
  "End event": "Fin",
  "Intermediate throw event": "Évènement émis",
  "Start Event": "Début",
  "Start event": "Début",
  "Terminate End Event": "Fin de tout",
  "Terminate end event": "Fin de tout",
};
const happenings = {
  Compensation: "Compensation",
  Conditional: "Condition",
  Error: "Erreur",
  Escalation: "Signalement",
  Link: "Renvoi",
  Message: "Message",
  Signal: "Signal",
  Timer: "Minuteur",
  Cancel: "Annulation",
};
const places = {
  "start event": "au début",
  "start event (non-interrupting)": "au début, sans interrompre",
  "boundary event": "au bord, interrompt",
  "boundary event (non-interrupting)": "au bord, sans interrompre",
  "intermediate catch event": "attendu",
  "intermediate throw event": "émis",
  "end event": "à la fin",
};
for (const [what, quoi] of Object.entries(happenings)) {
  for (const [where, ou] of Object.entries(places)) {
    events[`${what} ${where}`] = `${quoi} ${ou}`;
    const titled = where.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
    events[`${what} ${titled}`] = `${quoi} ${ou}`;
    events[`${what} ${titled.replace("(Non-Interrupting)", "(Non Interrupting)")}`] = `${quoi} ${ou}`;
    events[`Append ${what.toLowerCase()} ${where}`] = `Ajouter : ${quoi.toLowerCase()} ${ou}`;
  }
}

const tools = {
  "Activate create/remove space tool": "Faire ou retirer de la place",
  "Activate global connect tool": "Relier deux éléments",
  "Activate hand tool": "Déplacer la vue",
  "Activate lasso tool": "Choisir plusieurs éléments",
  "Add lane above": "Ajouter un couloir au-dessus",
  "Add lane below": "Ajouter un couloir au-dessous",
  "Add text annotation": "Ajouter une note",
  "Align elements": "Aligner les éléments",
  "Align elements ": "Aligner les éléments ",
  "Append compensation activity": "Ajouter une compensation",
  "Append end event": "Ajouter une fin",
  "Append gateway": "Ajouter un branchement",
  "Append intermediate/boundary event": "Ajouter un évènement",
  "Append receive task": "Ajouter une tâche d'attente",
  "Append task": "Ajouter une tâche",
  "Change element": "Changer le genre",
  "Close minimap": "Fermer la vue d'ensemble",
  "Connect to other element": "Relier à un autre élément",
  "Connect using association": "Relier par une association",
  "Connect using data input association": "Relier par une donnée",
  "Create data object reference": "Donnée",
  "Create data store reference": "Base de données",
  "Create end event": "Fin",
  "Create expanded sub-process": "Sous-processus",
  "Create gateway": "Branchement",
  "Create group": "Groupe",
  "Create intermediate/boundary event": "Évènement",
  "Create pool/participant": "Participant et couloirs",
  "Create start event": "Début",
  "Create task": "Tâche",
  Collection: "Collection",
  Compensation: "Compensation",
  "Conditional flow": "Lien sous condition",
  "Default Flow": "Lien par défaut",
  "Default flow": "Lien par défaut",
  Delete: "Retirer",
  "Distribute elements horizontally": "Répartir en largeur",
  "Distribute elements vertically": "Répartir en hauteur",
  "Divide into three lanes": "Partager en trois couloirs",
  "Divide into two lanes": "Partager en deux couloirs",
  Loop: "Boucle",
  "Multi-instance": "Répétition",
  "Open minimap": "Vue d'ensemble",
  "Open {element}": "Ouvrir {element}",
  "Parallel multi-instance": "Répétition en parallèle",
  "Participant multiplicity": "Plusieurs participants",
  "Search in diagram": "Chercher dans le diagramme",
  "Sequence Flow": "Lien",
  "Sequence flow": "Lien",
  "Sequential multi-instance": "Répétition l'une après l'autre",
  "Toggle non-interrupting": "Interrompre ou non",
};

export default { ...gateways, ...activities, ...events, ...tools };
