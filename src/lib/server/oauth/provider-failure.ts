const deepest = 5;
const mostCharacters = 200;

/** A provider's answer that cannot be used; its words tell the log what was wrong with it, and nothing that was in it. */
export class ProviderFailure extends Error {
	override readonly name = 'ProviderFailure';
}

/** Tells why something came of nothing, as far down as its causes go. */
export function providerFailure(error: unknown): ProviderFailure {
	const reasons = new Set<string>();
	let cause = error;
	for (let depth = 0; depth < deepest && cause instanceof Error; depth++) {
		reasons.add(reasonOf(cause));
		cause = cause.cause;
	}
	return new ProviderFailure(reasons.size === 0 ? 'unknown' : [...reasons].join(': '));
}

/** The words of a syntax error quote what was read, which may be a token. */
function reasonOf(error: Error): string {
	const words = error instanceof SyntaxError ? 'it is not well-formed' : error.message;
	const codes = ['code', 'error'].flatMap((name) => {
		const code: unknown = Object.getOwnPropertyDescriptor(error, name)?.value;
		return typeof code === 'string' ? [code.slice(0, mostCharacters)] : [];
	});
	return [words.slice(0, mostCharacters), ...codes.map((code) => `(${code})`)].join(' ');
}
