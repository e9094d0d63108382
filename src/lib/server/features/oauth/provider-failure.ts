import { findFault, type Link } from './provider-fault.ts';

const deepest = 5;
const mostCharacters = 200;

/** The error for a provider that announces another provider's issuer. */
export const claimedIssuer = 'the issuer belongs to another provider';

/** An unusable response from a provider. The message is for the log: it states what was wrong, but quotes nothing. */
export class ProviderFailure extends Error {
	override readonly name = 'ProviderFailure';
	/** The user declined at the provider, or the provider refused the user. */
	readonly isDenied: boolean;
	/** What is wrong and how to fix it, for admins. */
	readonly fault: string;

	constructor(reason: string, isDenied: boolean, fault: string) {
		super(reason);
		this.isDenied = isDenied;
		this.fault = fault;
	}
}

/** Explains a failure by the chain of its causes. */
export function providerFailure(error: unknown): ProviderFailure {
	const reasons = new Set<string>();
	const links: Link[] = [];
	let cause = error;
	for (let depth = 0; depth < deepest && cause !== undefined && cause !== null; depth++) {
		if (cause instanceof ProviderFailure) return cause;
		if (cause instanceof Error) reasons.add(getReason(cause));
		links.push(toLink(cause));
		cause = cause instanceof Error ? cause.cause : undefined;
	}
	const isDenied = getText(error, 'error') === 'access_denied';
	const reason = reasons.size === 0 ? 'unknown' : [...reasons].join(': ');
	return new ProviderFailure(reason, isDenied, findFault(links) ?? `The provider's answer cannot be used: ${reason}.`);
}

const toLink = (cause: unknown): Link => ({
	name: cause instanceof Error ? cause.name : '',
	message: cause instanceof Error ? cause.message : '',
	code: getText(cause, 'code'),
	error: getText(cause, 'error'),
	status: getStatus(cause)
});

/** openid-client sets the response itself as the cause. */
function getStatus(cause: unknown): number | null {
	if (cause instanceof Response) return cause.status;
	const value: unknown = cause instanceof Error ? Object.getOwnPropertyDescriptor(cause, 'status')?.value : undefined;
	return typeof value === 'number' ? value : null;
}

/** The message of a syntax error quotes its input, which may be a token. */
function getReason(error: Error): string {
	const words = error instanceof SyntaxError ? 'it is not well-formed' : error.message;
	const codes = ['code', 'error'].map((name) => getText(error, name)).filter((code) => code !== '');
	return [words, ...codes.map((code) => `(${code})`)].map((part) => part.slice(0, mostCharacters)).join(' ');
}

function getText(error: unknown, name: string): string {
	const value: unknown = error instanceof Error ? Object.getOwnPropertyDescriptor(error, name)?.value : undefined;
	return typeof value === 'string' ? value : '';
}
