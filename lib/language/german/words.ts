/** Words that many screens have. */
export const words = {
  Add: 'Hinzufügen',
  Back: 'Zurück',
  Cancel: 'Abbrechen',
  Change: 'Ändern',
  Close: 'Schließen',
  Containers: 'Container',
  Delete: 'Löschen',
  Keep: 'Behalten',
  Remove: 'Entfernen',
  Save: 'Speichern',
} as const satisfies Record<string, string>;
