/** Words that many screens have. */
export const words = {
  Add: 'Hinzufügen',
  Back: 'Zurück',
  Cancel: 'Abbrechen',
  Change: 'Ändern',
  Close: 'Schließen',
  Containers: 'Container',
  Delete: 'Löschen',
  'As the browser says': 'Wie der Browser',
  Keep: 'Behalten',
  Language: 'Sprache',
  'Read the panel and its mails in': 'Oberfläche und E-Mails auf',
  Remove: 'Entfernen',
  Save: 'Speichern',
} as const satisfies Record<string, string>;
