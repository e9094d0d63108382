import type { Topic } from '#lib/contract/realtime/live-events.ts';

const collectMs = 200;
/** Up to this many topics are listed; beyond that, the general ones replace them. */
const maxNamed = 20;

/** Collects topics for a moment, so that a bulk change is sent as one message per room. */
export class TopicBatcher {
	readonly #send: (room: string, topics: readonly Topic[]) => void;
	readonly #collected = new Map<string, Set<Topic>>();
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(send: (room: string, topics: readonly Topic[]) => void) {
		this.#send = send;
	}

	/** Sends a topic with the next batch for this room. Too many topics are replaced by the two that cover all. */
	add(room: string, topic: Topic): void {
		const topics = this.#collected.get(room) ?? new Set();
		this.#collected.set(room, topics.size < maxNamed ? topics.add(topic) : new Set<Topic>(['userList', 'users']));
		this.#timer ??= setTimeout(() => this.#flush(), collectMs).unref();
	}

	/** Discards what hasn’t been sent. */
	stop(): void {
		clearTimeout(this.#timer);
	}

	#flush(): void {
		this.#timer = undefined;
		for (const [room, topics] of this.#collected) this.#send(room, [...topics]);
		this.#collected.clear();
	}
}
