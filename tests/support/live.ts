import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { immichEventsPath } from '#lib/contract/realtime/live-events.ts';

type Given = Partial<ManagerOptions & SocketOptions>;

/** A websocket client like Immich's that records its events. */
export interface Listener {
	readonly socket: Socket;
	/** Each event as its name and payload. */
	readonly heard: readonly (readonly unknown[])[];
	names: () => string[];
	of: (name: string) => unknown[];
	/** Waits for the next event of one of these names and returns its payload. */
	next: (...names: string[]) => Promise<unknown>;
	close: () => void;
}

/** Connects without waiting; `headers` are sent with the handshake. */
export function listen(url: string, headers: Record<string, string> = {}, given: Given = {}): Listener {
	const socket = io(url, {
		path: immichEventsPath,
		transports: ['websocket'],
		forceNew: true,
		reconnection: false,
		extraHeaders: headers,
		...given
	});
	const heard: unknown[][] = [];
	socket.onAny((...event: unknown[]) => heard.push(event));
	return {
		socket,
		heard,
		names: () => heard.map(([name]) => String(name)),
		of: (name) => heard.filter(([event]) => event === name).map(([, payload]) => payload),
		next: (...wanted) =>
			new Promise((resolve) => {
				for (const name of wanted) socket.once(name, resolve);
			}),
		close: () => void socket.disconnect()
	};
}

/** Connects, and waits until the server has admitted it. */
export async function listenAdmitted(
	url: string,
	headers: Record<string, string>,
	given: Given = {}
): Promise<Listener> {
	const listener = listen(url, headers, given);
	await listener.next('on_server_version');
	return listener;
}
