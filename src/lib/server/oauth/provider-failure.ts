const deepest = 5;
const mostCharacters = 200;

/** A provider's answer that cannot be used; its words tell the log what was wrong with it, and nothing that was in it. */
export class ProviderFailure extends Error {
	override readonly name = 'ProviderFailure';
	/** The person has not agreed at the provider, or it has turned the person down. */
	readonly isDenied: boolean;

	constructor(reason: string, isDenied: boolean) {
		super(reason);
		this.isDenied = isDenied;
	}
}

/** Tells why something came of nothing, as far down as its causes go. */
export function providerFailure(error: unknown): ProviderFailure {
	const reasons = new Set<string>();
	let cause = error;
	for (let depth = 0; depth < deepest && cause instanceof Error; depth++) {
		reasons.add(reasonOf(cause));
		cause = cause.cause;
	}
	const isDenied = textOf(error, 'error') === 'access_denied';
	return new ProviderFailure(reasons.size === 0 ? 'unknown' : [...reasons].join(': '), isDenied);
}

/** The words of a syntax error quote what was read, which may be a token. */
function reasonOf(error: Error): string {
	const words = error instanceof SyntaxError ? 'it is not well-formed' : error.message;
	const codes = ['code', 'error'].map((name) => textOf(error, name)).filter((code) => code !== '');
	return [words, ...codes.map((code) => `(${code})`)].map((part) => part.slice(0, mostCharacters)).join(' ');
}

function textOf(error: unknown, name: string): string {
	const value: unknown = error instanceof Error ? Object.getOwnPropertyDescriptor(error, name)?.value : undefined;
	return typeof value === 'string' ? value : '';
}
