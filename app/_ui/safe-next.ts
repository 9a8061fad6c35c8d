export { localPath as safeNext } from '#lib/contract/local-path.ts';
