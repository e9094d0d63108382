import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { isSecretSetting } from '#lib/contract/settings/document/secrets.ts';
import { ApiError, type Api } from '../client/api.ts';
import { connect } from '../client/connect.ts';
import { JsonDocument } from '../client/replies.ts';
import { CliError, usageError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { codeOf, fileError } from '../session/errors.ts';
import { toPlainText } from '../session/plain-text.ts';
import { formatTable } from '../terminal/output.ts';
import { confirm, readSecret } from '../terminal/prompts.ts';

type Json = z.output<typeof JsonDocument>[string];
type Document = Readonly<Record<string, Json>>;

/** Settings that Immich doesn't have are shown below this name, but are a document of their own on the server. */
const ownName = 'immichAuth';
/** Immich's documents by the version that introduced their path. */
const paths = ['/admin/config', '/system-config'] as const;

interface Settings {
	readonly document: Document;
	readonly path: string;
	readonly etag: string | null;
}

async function read(api: Api, path: string): Promise<Settings> {
	const response = await api.do(`GET ${path}`);
	const { data } = JsonDocument.safeParse(await response.json().catch(() => null));
	if (!data) throw new CliError('The server answered with no settings.');
	return { document: data, path, etag: response.headers.get('etag') };
}

const isUnknown = (error: unknown) => error instanceof ApiError && error.status === 404;

/** Immich's settings, or those of a fresh server. */
async function readImmich(api: Api, suffix: string): Promise<Settings> {
	const [path, older] = paths;
	return read(api, path + suffix).catch((error: unknown) => {
		if (!isUnknown(error)) throw error;
		return read(api, older + suffix);
	});
}

/** The settings that Immich doesn't have; null on a server that doesn't have them. */
const readOwn = (api: Api, suffix: string): Promise<Settings | null> =>
	read(api, `/admin/auth-config${suffix}`).catch((error: unknown) => {
		if (isUnknown(error)) return null;
		throw error;
	});

async function readAll(api: Api, suffix = ''): Promise<Document> {
	const [immich, own] = [await readImmich(api, suffix), await readOwn(api, suffix)];
	return { ...immich.document, ...(own && { [ownName]: { ...own.document } }) };
}

const isObject = (value: Json | undefined): value is Record<string, Json> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function find(document: Document, path: string): Json {
	let at: Json = { ...document };
	for (const name of path.split('.')) {
		if (!isObject(at) || !Object.hasOwn(at, name)) throw noSuchSetting(path);
		at = at[name] ?? null;
	}
	return at;
}

const noSuchSetting = (path: string) =>
	new CliError(`There is no setting "${toPlainText(path)}".`, 'See them all with: immich-auth config get');

const toText = (value: Json): string => (typeof value === 'string' ? toPlainText(value) : JSON.stringify(value));

/** Values by path; a list counts as one. */
function toLeaves(document: Document, prefix = ''): [string, Json][] {
	return Object.entries(document).flatMap(([name, value]) =>
		isObject(value) ? toLeaves(value, `${prefix}${name}.`) : [[prefix + name, value] as [string, Json]]
	);
}

/** Prints all settings, a group of them, or one. */
export async function get(context: Context, path: string | undefined): Promise<void> {
	const { api } = await connect(context);
	const document = await readAll(api);
	const found = path === undefined ? { ...document } : find(document, path);
	context.output.result(found, () =>
		isObject(found)
			? toLeaves(found, path === undefined ? '' : `${path}.`).map(([name, value]) => `${name} = ${toText(value)}`)
			: toText(found)
	);
}

/** Changes one setting. */
export async function set(
	context: Context,
	path: string,
	given: string | undefined,
	{ valueStdin, yes }: { readonly valueStdin?: true | undefined; readonly yes?: true | undefined }
): Promise<void> {
	if ((given === undefined) !== (valueStdin === true))
		throw usageError('Give the value, or --value-stdin.', 'A secret belongs on standard input.');
	const text = given ?? (await readSecret('--value-stdin'));
	const { api } = await connect(context);
	const isOwn = path.startsWith(`${ownName}.`);
	const settings = isOwn ? await readOwn(api, '') : await readImmich(api, '');
	if (settings === null) throw noSuchSetting(path);
	const inDocument = isOwn ? path.slice(ownName.length + 1) : path;
	const from = find(settings.document, inDocument);
	if (isObject(from)) throw usageError(`"${path}" is a group of settings.`, 'Name one of them.');
	const to = parseValue(from, text);
	// What comes from standard input is meant to be seen nowhere, and Immich shows the secrets that it has.
	const isSecret = valueStdin === true || isSecretSetting(inDocument);
	const show = (value: Json): string => (isSecret ? '(not shown)' : toText(value));
	const [shownFrom, shownTo] = isSecret ? [null, null] : [from, to];
	if (isDeepStrictEqual(from, to)) {
		context.output.result({ path, from: shownFrom, to: shownTo }, () => `${path} is ${show(to)} already.`);
		return;
	}
	await confirm(isSecret ? `Change ${path}?` : `Change ${path} from ${show(from)} to ${show(to)}?`, yes);
	const body = replace(settings.document, inDocument.split('.'), to);
	const headers = settings.etag === null || settings.etag.startsWith('W/') ? {} : { 'if-match': settings.etag };
	await api.do(`PUT ${settings.path}`, { body, headers }).catch((error: unknown) => {
		if (error instanceof ApiError && error.status === 412)
			throw new CliError('Someone else has changed the settings in the meantime.', 'Run the command again.');
		throw error;
	});
	context.output.result({ path, from: shownFrom, to: shownTo }, () =>
		isSecret ? `${path} is changed.` : `${path} is now ${show(to)}.`
	);
}

/** Takes the text for a text setting, and JSON for all others. */
function parseValue(from: Json, text: string): Json {
	if (typeof from === 'string') return text;
	try {
		return z.json().parse(JSON.parse(text));
	} catch {
		// A setting without a value can become a text.
		if (from === null) return text;
		throw usageError(
			`"${text}" is no value for this setting.`,
			`It is ${JSON.stringify(from)} now; write it like that.`
		);
	}
}

function replace(document: Document, [name = '', ...rest]: readonly string[], value: Json): Record<string, Json> {
	const inner = document[name];
	return { ...document, [name]: rest.length > 0 && isObject(inner) ? replace(inner, rest, value) : value };
}

/** Lists the settings that differ from a fresh server's, or from those in a file. */
export async function diff(context: Context, { file }: { readonly file?: string | undefined }): Promise<void> {
	const { api } = await connect(context);
	const current = new Map(toLeaves(await readAll(api)));
	const other = new Map(toLeaves(file === undefined ? await readAll(api, '/defaults') : await readDocument(file)));
	// A file may contain some settings only.
	const names = file === undefined ? new Set([...other.keys(), ...current.keys()]) : new Set(other.keys());
	const differences = [...names]
		.map((path) => ({ path, current: current.get(path) ?? null, other: other.get(path) ?? null }))
		.filter((row) => !isDeepStrictEqual(row.current, row.other));
	const table = await formatTable(
		['Setting', 'Now', file === undefined ? 'Default' : 'File'],
		differences.map((row) => [row.path, toText(row.current), toText(row.other)])
	);
	context.output.result(differences, () => (differences.length === 0 ? 'Nothing differs.' : table));
}

async function readDocument(file: string): Promise<Document> {
	const text = await readFile(file, 'utf8').catch((error: unknown) => {
		if (codeOf(error) === 'ENOENT') throw new CliError(`There is no file ${file}.`);
		throw fileError(file, 'read', error);
	});
	try {
		return JsonDocument.parse(JSON.parse(text));
	} catch {
		throw new CliError(`${file} is no JSON object.`, 'Write one with: immich-auth config get --json');
	}
}
