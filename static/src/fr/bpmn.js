// French of bpmn-js, its minimap and the properties panel; our own words. Keys are the texts of the packages.
export default {};
