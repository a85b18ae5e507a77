// French for every bpmn.io package: one dictionary, and the list of what it lacks.

/** A didi module that translates with a dictionary and remembers what it lacks in window.jalonUntranslated. */
export function french(dictionary) {
  const missing = (window.jalonUntranslated ??= new Set());
  const translate = (template, replacements = {}) => {
    const known = Object.hasOwn(dictionary, template);
    if (!known && /[a-z]{2}/i.test(template)) missing.add(template);
    const text = known ? dictionary[template] : template;
    return text.replace(/{([^}]+)}/g, (_, key) => {
      const value = replacements[key];
      return value === undefined || value === null ? `{${key}}` : dictionary[value] ?? value;
    });
  };
  return { translate: ["value", translate] };
}
