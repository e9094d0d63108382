/** The response, as far as it is shown. */
export interface ApiAnswer {
	readonly status: number;
	readonly statusText: string;
	readonly durationMs: number;
	readonly headers: readonly (readonly [name: string, value: string])[];
	readonly text: string;
	/** The response was longer than what is shown. */
	readonly isCut: boolean;
}

const shownHeaders = [
	'content-type',
	'content-length',
	'x-correlation-id',
	'cache-control',
	'etag',
	'location',
	'retry-after'
];
const shownBytes = 200_000;

/** Sends a request with the viewer's own session. */
export async function sendRequest(
	method: string,
	url: string,
	body: string | null,
	signal: AbortSignal
): Promise<ApiAnswer> {
	const startedMs = performance.now();
	const response = await fetch(url, {
		method,
		signal,
		redirect: 'manual',
		headers: { accept: 'application/json', ...(body !== null && { 'content-type': 'application/json' }) },
		...(body !== null && { body })
	});
	const durationMs = Math.round(performance.now() - startedMs);
	const { text, isCut } = await readStart(response);
	return {
		status: response.status,
		statusText: response.statusText,
		durationMs,
		headers: shownHeaders.flatMap((name) => {
			const value = response.headers.get(name);
			return value === null ? [] : [[name, value] as const];
		}),
		text: isCut ? text : inLines(text),
		isCut
	};
}

/** Reads no more than a page can show: some responses list all users. */
async function readStart(response: Response): Promise<{ text: string; isCut: boolean }> {
	const reader = response.body?.getReader();
	if (!reader) return { text: '', isCut: false };
	const decoder = new TextDecoder();
	let text = '';
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return { text: text + decoder.decode(), isCut: false };
		text += decoder.decode(value, { stream: true });
		if (text.length <= shownBytes) continue;
		await reader.cancel();
		return { text: text.slice(0, shownBytes), isCut: true };
	}
}

/** Pretty-prints JSON; other text stays unchanged. */
function inLines(text: string): string {
	try {
		return JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		return text;
	}
}
