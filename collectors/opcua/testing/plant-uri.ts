/** The namespace of the plant: known without loading a server. */
export const PLANT_URI = 'urn:sigmascope:cell-7';
