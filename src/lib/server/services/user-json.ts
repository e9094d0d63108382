import { avatarColorOf, avatarColors } from '#lib/contract/avatar-color.ts';
import { UserLicense } from '#lib/contract/user.ts';
import { copiedColumns, type CopiedColumn } from '../repositories/user-copy.repository.ts';
import { ByteWriter } from './byte-writer.ts';

/** Where a cell lies among the lines. */
interface Cell {
	readonly lines: Uint8Array;
	readonly start: number;
	readonly end: number;
}

type Write = (out: ByteWriter, cell: Cell, email: Cell) => void;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const bytesOf = (text: string) => encoder.encode(text);
const code = (character: string) => character.charCodeAt(0);

const tab = code('\t');
const newline = code('\n');
const backslash = code('\\');
const quote = code('"');
const space = code(' ');
const zero = code('0');
const point = code('.');
const nullMark = code('N');
const literals = { null: bytesOf('null'), true: bytesOf('true'), false: bytesOf('false') };

const isNull = ({ lines, start, end }: Cell): boolean =>
	end - start === 2 && lines[start] === backslash && lines[start + 1] === nullMark;
const textOf = ({ lines, start, end }: Cell): string => decoder.decode(lines.subarray(start, end));

/** COPY and JSON both write control characters behind a backslash; these are all that COPY writes like that. */
const sharedEscapes = new Set(['b', 'f', 'n', 'r', 't', '\\'].map(code));

/** Writes a text between quotation marks (PostgreSQL documentation, COPY, ‘Text Format’; RFC 8259 §7). */
const text: Write = (out, cell) => {
	if (isNull(cell)) return out.copy(literals.null);
	const { lines, start, end } = cell;
	out.put(quote);
	for (let index = start; index < end; index++) {
		const byte = lines[index] ?? 0;
		if (byte === backslash) {
			const escaped = lines[++index] ?? 0;
			if (sharedEscapes.has(escaped)) out.copy(lines, index - 1, index + 1);
			else out.copy(bytesOf('\\u000b'));
		} else if (byte === quote) {
			out.put(backslash);
			out.put(quote);
		} else if (byte < space) out.copy(bytesOf(`\\u${byte.toString(16).padStart(4, '0')}`));
		else out.put(byte);
	}
	out.put(quote);
};

/** Writes what needs no escaping, such as an id. */
const plain: Write = (out, { lines, start, end }) => {
	out.put(quote);
	out.copy(lines, start, end);
	out.put(quote);
};

const flag: Write = (out, { lines, start }) => out.copy(lines[start] === code('t') ? literals.true : literals.false);

const number: Write = (out, cell) =>
	isNull(cell) ? out.copy(literals.null) : out.copy(cell.lines, cell.start, cell.end);

/** A use below zero is a slip of its bookkeeping. */
const usage: Write = (out, cell, email) =>
	cell.lines[cell.start] === code('-') ? out.put(zero) : number(out, cell, email);

const timeMark = code('T');
const zone = bytesOf('Z"');

/** Writes `2026-07-21 10:00:00.5+00` as `"2026-07-21T10:00:00.500Z"`. */
const moment: Write = (out, cell) => {
	if (isNull(cell)) return out.copy(literals.null);
	const { lines, start, end } = cell;
	out.put(quote);
	out.copy(lines, start, start + 10);
	out.put(timeMark);
	out.copy(lines, start + 11, start + 19);
	out.put(point);
	const digits = Math.max(0, Math.min(3, end - start - 23));
	out.copy(lines, start + 20, start + 20 + digits);
	for (let missing = digits; missing < 3; missing++) out.put(zero);
	out.copy(zone);
};

const colors = new Map<string, Uint8Array>(avatarColors.map((color) => [color, bytesOf(`"${color}"`)]));

/** Writes the chosen colour, or the one that the e-mail gives. */
const color: Write = (out, cell, email) => {
	const chosen = isNull(cell) ? undefined : colors.get(textOf(cell));
	out.copy(chosen ?? colors.get(avatarColorOf(textOf(email))) ?? literals.null);
};

const statuses = new Map(['active', 'removing', 'deleted'].map((status) => [code(status), bytesOf(`"${status}"`)]));
const active = bytesOf('"active"');
const status: Write = (out, { lines, start }) => out.copy(statuses.get(lines[start] ?? 0) ?? active);

const license: Write = (out, cell) => {
	if (isNull(cell)) return out.copy(literals.null);
	// COPY doubles the backslashes of the JSON that stands there, and writes nothing else of it otherwise.
	const stored: unknown = JSON.parse(textOf(cell).replaceAll('\\\\', '\\'));
	const written = bytesOf(JSON.stringify(UserLicense.safeParse(stored).data ?? null));
	out.reserve(written.length + longestRest);
	out.copy(written);
};

const writers: Readonly<Record<CopiedColumn, Write>> = {
	id: plain,
	email: text,
	name: text,
	profileImagePath: text,
	avatarColor: color,
	profileChangedAt: moment,
	storageLabel: text,
	shouldChangePassword: flag,
	isAdmin: flag,
	createdAt: moment,
	deletedAt: moment,
	updatedAt: moment,
	oauthId: text,
	quotaSizeInBytes: number,
	quotaUsageInBytes: usage,
	status,
	license,
	clusterGroupId: plain
};

const keys = copiedColumns.map((name, index) => bytesOf(`${index === 0 ? ',{' : ','}"${name}":`));
const writes = copiedColumns.map((name) => writers[name]);
const fieldCount = copiedColumns.length;
const emailIndex = copiedColumns.indexOf('email');

/** All that a row needs beside its cells: names, quotation marks, `null`. */
const longestRest = keys.reduce((sum, key) => sum + key.length + 16, 16);
/** A byte becomes `\u0001` at most. */
const longestEscape = 6;

/**
 * Writes lines of accounts as the JSON of `UserAdminResponseDto`, one behind the other with commas between. As objects,
 * parsed and stringified, one hundred thousand of them take seconds; a test holds these bytes to what the schema makes of
 * the same rows.
 */
export function accountsJson(lines: Uint8Array): Uint8Array {
	const out = new ByteWriter(lines.length * 3);
	let start = 0;
	while (start < lines.length) {
		let lineEnd = lines.indexOf(newline, start);
		if (lineEnd < 0) lineEnd = lines.length;
		out.reserve((lineEnd - start) * longestEscape + longestRest);
		let email: Cell = { lines, start, end: start };
		for (let index = 0; index < fieldCount; index++) {
			let end = start;
			while (end < lineEnd && lines[end] !== tab) end++;
			const cell = { lines, start, end };
			if (index === emailIndex) email = cell;
			// Both are as long as `fieldCount`; to ask each time would cost a tenth of it all.
			out.copy(keys[index] as Uint8Array);
			(writes[index] as Write)(out, cell, email);
			start = end + 1;
		}
		out.put(code('}'));
		start = lineEnd + 1;
	}
	return out.withoutFirst();
}
