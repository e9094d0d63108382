import type { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { toPlainText } from '../session/plain-text.ts';
import type { AuthMethod } from '../session/codec.ts';
import { Failure, Issues } from './replies.ts';
import { readBody, readText, refuseInMaintenance, send, type Server } from './server.ts';

export type Credential = { readonly token: string } | { readonly apiKey: string };

/** Whether a text can be a token or an API key: printable ASCII without blanks. */
export const isCredential = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);

export const toCredential = (auth: AuthMethod): Credential =>
	auth.type === 'jwt' ? { token: auth.accessToken } : { apiKey: auth.key };

/** What the server has refused. */
export class ApiError extends CliError {
	readonly status: number;

	constructor(status: number, message: string, advice: string | null = null) {
		super(message, advice);
		this.status = status;
	}
}

interface Sent {
	readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal;
}

/** Calls the API of a server with a credential. */
export class Api {
	readonly server: Server;
	readonly #credential: Credential | null;
	/** What to do if the server doesn't accept the credential. */
	readonly #signInAgain: string;

	/** @throws {CliError} if the credential can't be one */
	constructor(server: Server, credential: Credential | null, signInAgain: string) {
		// The error of a header that can't be sent would quote it.
		if (credential && !isCredential(Object.values(credential).join('')))
			throw new CliError('The credential contains characters that none has.', signInAgain);
		this.server = server;
		this.#credential = credential;
		this.#signInAgain = signInAgain;
	}

	/**
	 * Sends a request and returns the body of the answer.
	 * @throws {ApiError} if the server refuses it
	 * @throws {CliError} if there is no answer, or one that isn't of this form
	 */
	async call<Schema extends z.ZodType>(request: string, schema: Schema, sent: Sent = {}): Promise<z.output<Schema>> {
		const { url, response } = await this.#exchange(request, sent);
		const { data, error } = schema.safeParse(await readBody(url, response));
		if (error)
			throw new CliError(
				`${url.origin} answered "${request}" in an unexpected form (${describePaths(error)}).`,
				'It may be another version of Immich than this program knows, or a proxy in front of it may have answered.'
			);
		return data;
	}

	/**
	 * Sends a request whose answer has no body of interest, and returns the answer.
	 * @throws {ApiError} if the server refuses it
	 * @throws {CliError} if there is no answer
	 */
	async do(request: string, sent: Sent = {}): Promise<Response> {
		const { response } = await this.#exchange(request, sent);
		return response;
	}

	/**
	 * Sends a request and returns the text of the answer.
	 * @throws {ApiError} if the server refuses it
	 * @throws {CliError} if there is no answer
	 */
	async text(request: string, sent: Sent = {}): Promise<string> {
		const { url, response } = await this.#exchange(request, sent);
		return readText(url, response);
	}

	async #exchange(request: string, { query = {}, body, headers = {}, signal }: Sent) {
		const [method = 'GET', path = ''] = request.split(' ');
		// An empty name or dots would make it the path of something else, such as of all instead of one.
		if (
			path
				.split('/')
				.slice(1)
				.some((name) => ['', '.', '..'].includes(name))
		)
			throw new CliError(`"${toPlainText(path)}" is not a path of the API.`);
		const url = new URL(path.replace(/^\//, ''), this.server.api);
		for (const [name, value] of Object.entries(query))
			if (value !== undefined) url.searchParams.set(name, String(value));
		const response = await send(url, {
			method,
			headers: {
				...(this.#credential && 'token' in this.#credential && { authorization: `Bearer ${this.#credential.token}` }),
				...(this.#credential && 'apiKey' in this.#credential && { 'x-api-key': this.#credential.apiKey }),
				...(body !== undefined && { 'content-type': 'application/json' }),
				...headers
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
			...(signal && { signal })
		});
		if (!response.ok) throw await this.#toError(request, url, response);
		return { url, response };
	}

	async #toError(request: string, url: URL, response: Response): Promise<CliError> {
		const { status } = response;
		const location = response.headers.get('location');
		if (location !== null && status < 400)
			return new CliError(
				`${url.origin} redirects to another address, ${toPlainText(location)}.`,
				'Sign in with that address.'
			);
		const body = await readBody(url, response);
		if (status === 404 || status === 503) await refuseInMaintenance(this.server.api);
		const failure = Failure.safeParse(body).data;
		if (failure === undefined)
			return new ApiError(
				status,
				`${url.origin} answered "${request}" with HTTP ${status} and no reason.`,
				status >= 500 ? 'Try again later, or look at the log of the server.' : 'Check that it is an Immich server.'
			);
		const message = toPlainText([failure.message].flat().join('; '));
		if (status === 401 && this.#credential !== null)
			return new ApiError(status, `The sign-in was not accepted: ${message}.`, this.#signInAgain);
		return new ApiError(status, describeRefusal(status, message, body), adviceFor(status, message, response));
	}
}

/** The server's reason, and for invalid input which fields are at fault. */
function describeRefusal(status: number, message: string, body: unknown): string {
	const issues = Issues.safeParse(body).data?.errors ?? [];
	const details = issues.map((issue) => toPlainText([issue.path.join('.'), issue.message].filter(Boolean).join(': ')));
	const text = details.length > 0 ? `${message}: ${details.join('; ')}` : message;
	return `The server refused this (HTTP ${status}): ${text}`;
}

function adviceFor(status: number, message: string, { headers }: Response): string | null {
	if (status === 429) {
		const seconds = Number(headers.get('retry-after'));
		return seconds > 0 ? `Try again in ${seconds} seconds.` : 'Try again later.';
	}
	if (message === 'Password change required') return 'Change the password first: sign in to the server in a browser.';
	if (message === 'Forbidden') return 'Only admins can do this.';
	if (message.startsWith('Missing required permission')) return 'Use an API key with this permission.';
	if (status === 404) return 'This server may not have this function: it may be another Immich, or another version.';
	return null;
}

const describePaths = (error: z.ZodError): string =>
	error.issues
		.slice(0, 3)
		.map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`)
		.join('; ');
