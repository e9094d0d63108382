import path from 'node:path';

const longestName = 255;
/** They can't be shown, and PostgreSQL can't store the first. */
const control = /\p{Cc}/gu;

/** Returns the last part of a name sent by a client, as it is shown and as downloads are named; never used as a path. */
export function toFileName(sent: string): string {
	const base = (sent.toWellFormed().split(/[\\/]/).at(-1) ?? '').replaceAll(control, '').trim();
	if (base.length <= longestName) return base;
	const extension = path.extname(base).slice(0, 20);
	return base.slice(0, longestName - extension.length) + extension;
}

/** Returns the extension with its dot, in lower case. */
export const toExtension = (fileName: string): string => path.extname(fileName).toLowerCase();
