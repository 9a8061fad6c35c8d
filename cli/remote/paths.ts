/** Names of files are bytes: the interface has paths in base64, people type them. */
export const encoded = (path: string) => Buffer.from(path).toString('base64');
export const decoded = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
