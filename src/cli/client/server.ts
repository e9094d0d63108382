import type { z } from 'zod';
import { CliError, usageError } from '../cli-error.ts';
import { toPlainText } from '../session/plain-text.ts';
import { networkFailure } from './network-failure.ts';
import { Discovery, Ping, ServerConfig } from './replies.ts';
import { version } from './version.ts';

/** How servers recognize this program, also in lists of devices. */
export const ownHeaders = { 'user-agent': `immich-auth/${version} (${process.platform})`, devicemodel: 'immich-auth' };

const timeoutMs = 30_000;
const mebibyte = 1024 ** 2;
/** Enough for the list of a million users. */
const maxAnswerBytes = 400 * mebibyte;
/** For what is asked before it is known what answers. */
export const maxGreetingBytes = mebibyte;

/** A server as its address and its discovery document describe it. */
export interface Server {
	/** The root of the site, without a slash at its end; what a session remembers. */
	readonly url: string;
	/** Ends in a slash. */
	readonly api: URL;
	/** Where to sign in with a code; null on a server that isn't ours. */
	readonly deviceAuthorization: { readonly codeEndpoint: URL; readonly tokenEndpoint: URL } | null;
}

const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/i;

/**
 * Parses the address of a server, as typed or stored: its root or its `/api`; HTTPS unless it says otherwise.
 * @throws {CliError} usage, if it is no address
 */
export function parseServerUrl(text: string): URL {
	const typed = text.trim();
	const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(typed)
		? typed
		: `${local.test(typed) ? 'http' : 'https'}://${typed}`;
	const url = URL.canParse(withScheme) ? new URL(withScheme) : null;
	if (typed === '' || url === null || !['http:', 'https:'].includes(url.protocol))
		throw usageError(`"${text}" is not the address of a server.`, 'It looks like this: https://immich.example.com');
	if (url.username !== '' || url.password !== '')
		throw usageError('The address of a server must not contain a user or a password.');
	url.search = '';
	url.hash = '';
	url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/api$/, '') + '/';
	return url;
}

/** Sends a request; redirects are not followed, because the credential is for this server only. */
export async function send(url: URL, init: RequestInit = {}): Promise<Response> {
	try {
		return await fetch(url, {
			redirect: 'manual',
			signal: AbortSignal.timeout(timeoutMs),
			...init,
			headers: {
				accept: 'application/json',
				...ownHeaders,
				...(init.headers as Record<string, string>)
			}
		});
	} catch (error) {
		throw networkFailure(url, error);
	}
}

/**
 * The body of an answer, piece by piece.
 * @throws {CliError} if the connection is lost
 */
export async function* readChunks(url: URL, { body }: Response): AsyncGenerator<Uint8Array> {
	try {
		if (body) yield* body;
	} catch (error) {
		throw networkFailure(url, error);
	}
}

/**
 * Reads the body of an answer.
 * @throws {CliError} if the connection is lost, or if it is longer than any server answers: an endless one would fill the memory
 */
export async function readText(url: URL, response: Response, maxBytes = maxAnswerBytes): Promise<string> {
	const decoder = new TextDecoder();
	let [text, length] = ['', 0];
	for await (const chunk of readChunks(url, response)) {
		length += chunk.length;
		if (length > maxBytes) throw new CliError(`${url.origin} answered with more than ${maxBytes / mebibyte} MiB.`);
		text += decoder.decode(chunk, { stream: true });
	}
	return text + decoder.decode();
}

/** Reads the body of an answer as JSON; undefined if it is none. */
export async function readBody(url: URL, response: Response, maxBytes = maxAnswerBytes): Promise<unknown> {
	const text = await readText(url, response, maxBytes);
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Asks without a credential; null if the answer isn't of this form. */
export async function ask<Schema extends z.ZodType>(url: URL, schema: Schema): Promise<z.output<Schema> | null> {
	const response = await send(url);
	const { data } = schema.safeParse(await readBody(url, response, maxGreetingBytes));
	return response.ok && data !== undefined ? data : null;
}

/**
 * Finds the API of a server by its `/.well-known/immich`, or at `/api` if it has none.
 * @throws {CliError} if it can't be reached, or leads from HTTPS to plain HTTP
 */
export async function findServer(site: URL): Promise<Server> {
	const root = await followRedirect(site);
	const found = await ask(new URL('.well-known/immich', root), Discovery);
	const api = resolveSafely(found?.api.endpoint ?? 'api', root);
	if (!api.pathname.endsWith('/')) api.pathname += '/';
	const device = found?.deviceAuthorization;
	return {
		url: root.href.replace(/\/$/, ''),
		api,
		deviceAuthorization: device
			? {
					codeEndpoint: resolveSafely(device.codeEndpoint, root),
					tokenEndpoint: resolveSafely(device.tokenEndpoint, root)
				}
			: null
	};
}

/**
 * Resolves an address that the server names.
 * @throws {CliError} if it is none, or leads from HTTPS to plain HTTP
 */
function resolveSafely(address: string, base: URL): URL {
	const url = URL.canParse(address, base.href) ? new URL(address, base) : null;
	if (url === null || !['http:', 'https:'].includes(url.protocol))
		throw new CliError(`${base.origin} names "${toPlainText(address)}" as an address, which is none.`);
	if (base.protocol === 'https:' && url.protocol !== 'https:')
		throw new CliError(
			`${base.origin} names an address without HTTPS, ${url.href}, which would reveal the credential.`
		);
	return url;
}

/** Follows a redirect of the whole site: to HTTPS, or to its other name. */
async function followRedirect(site: URL): Promise<URL> {
	const path = '.well-known/immich';
	const { status, headers } = await send(new URL(path, site));
	const location = headers.get('location');
	if (status < 300 || status > 399 || location === null) return site;
	if (!URL.canParse(location, site.href)) return site;
	const target = resolveSafely(location, new URL(path, site));
	if (!target.pathname.endsWith(`/${path}`)) return site;
	return new URL(target.href.slice(0, -path.length));
}

/**
 * Checks that an Immich answers there.
 * @throws {CliError} if something else does, or if it is in maintenance
 */
export async function checkServer({ url, api }: Server): Promise<void> {
	if ((await ask(new URL('server/ping', api), Ping)) !== null) return;
	await refuseInMaintenance(api);
	throw new CliError(`${url} is not an Immich server.`, 'Check the address: it is the one that you open in a browser.');
}

/**
 * Asks whether the server is in maintenance, which Immich shows by answering 404 to everything else.
 * @throws {CliError} if it is
 */
export async function refuseInMaintenance(api: URL): Promise<void> {
	const config = await ask(new URL('server/config', api), ServerConfig);
	if (config?.maintenanceMode === true)
		throw new CliError(
			`${api.origin} is in maintenance mode.`,
			'Try again later. An admin ends it with: immich-auth maintenance end'
		);
}
