const timeoutMs = 15_000;

/** Why a change failed, as a message for the user. */
export interface Refusal {
	readonly message: string;
	readonly correlationId: string | null;
}

const unreachable: Refusal = { message: 'Couldn’t reach the server.', correlationId: null };

/** Sends small changes one at a time, in order. */
export class SwitchQueue {
	#last: Promise<unknown> = Promise.resolve();

	/** Sends a change; resolves to null once the server has applied it. */
	send(path: string, body: unknown): Promise<Refusal | null> {
		const sent = this.#last.then(() => put(path, body));
		this.#last = sent;
		return sent;
	}
}

async function put(path: string, body: unknown): Promise<Refusal | null> {
	try {
		const response = await fetch(path, {
			method: 'PUT',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
			// Completes even if the page is left.
			keepalive: true,
			signal: AbortSignal.timeout(timeoutMs)
		});
		if (response.ok) return null;
		const correlationId = response.headers.get('x-correlation-id');
		return { message: getReason(response.status), correlationId };
	} catch {
		return unreachable;
	}
}

function getReason(status: number): string {
	if (status === 401) return 'You’ve been signed out. Sign in again.';
	if (status === 403) return 'You no longer have permission to change this.';
	if (status < 500) return 'This account may have been deleted. Reload the page.';
	return 'Something went wrong. Try again.';
}
