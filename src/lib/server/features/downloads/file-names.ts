import path from 'node:path';
import sanitize from 'sanitize-filename';

/** Characters that don't show but change how a name reads, such as those that reverse its direction. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** What file systems allow, minus room for a number. */
const maxBytes = 240;
/** A dot and a few characters, unlike the end of a sentence. */
const endingPattern = /\.[^./\\\s]{1,12}$/;

const clean = (text: string): string => sanitize(text, { replacement: '_' });

/** Returns as many whole characters as fit. */
function shorten(text: string, bytes: number): string {
	const characters = [...text].slice(0, bytes);
	while (Buffer.byteLength(characters.join('')) > bytes) characters.pop();
	return characters.join('');
}

/** Returns a name that every system can store in a folder: no path, no device, nothing invisible. */
export function toSafeName(name: string, otherwise: string): string {
	const visible = name.toWellFormed().replaceAll(invisible, '');
	const ending = endingPattern.exec(visible)?.[0] ?? '';
	const stem = shorten(visible.slice(0, visible.length - ending.length), maxBytes - Buffer.byteLength(ending));
	const safe = clean(stem).replace(/^\.+/, '_');
	return (safe.trim() === '' ? otherwise : safe) + clean(ending);
}

/** Gives each file a name of its own, regardless of case: `a.jpg`, `a+1.jpg`, … as Immich does. */
export class UniqueNames {
	readonly #taken = new Set<string>();
	readonly #counts = new Map<string, number>();

	add(name: string): string {
		const { name: stem, ext } = path.parse(name);
		const key = name.toLowerCase();
		let unique = name;
		while (this.#taken.has(unique.toLowerCase())) {
			const count = (this.#counts.get(key) ?? 0) + 1;
			this.#counts.set(key, count);
			unique = `${stem}+${count}${ext}`;
		}
		this.#taken.add(unique.toLowerCase());
		return unique;
	}
}
