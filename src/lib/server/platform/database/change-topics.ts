export const assetChangeKinds = ['upload', 'update', 'trash', 'restore', 'delete', 'hide'] as const;

/** Assets of one user changed in the same way. */
export interface AssetChange {
	readonly kind: (typeof assetChangeKinds)[number];
	readonly ownerId: string;
	/** Whether they were locked before the change. */
	readonly isLocked: boolean;
	readonly ids: readonly string[];
}

/** What can change in the database, and what handlers receive. A trigger notifies the channel of each topic. */
export interface Topics {
	/** A user or their credentials changed; null if it could be any user. */
	readonly people: [userId: string | null];
	/** Users were created, changed or deleted; receives the IDs of deleted users if there are few. */
	readonly accounts: [deletedIds: readonly string[]];
	/** A user received a notification. */
	readonly notifications: [userId: string, notificationId: string];
	/** A shared album changed; receives the members who didn't change it. */
	readonly albums: [albumId: string, userIds: readonly string[]];
	/** A user's assets changed. */
	readonly assets: [change: AssetChange];
	/** Maintenance mode changed, or might have. */
	readonly maintenance: [];
	/** Settings changed, or might have. */
	readonly settings: [];
	/** The check for a newer version ran, or might have. */
	readonly releases: [];
}
export type Topic = keyof Topics;

interface Reading<Change> {
	/** Null if the payload reports nothing. */
	readonly parse: (payload: string) => Change | null;
	/** Reported if notifications may have been missed; nothing if left out. */
	readonly missed?: Change;
	/** Documents in memory are also reread as a precaution. */
	readonly isDocument?: true;
}

const document: Reading<[]> = { parse: () => [], missed: [], isDocument: true };

const readings: { readonly [Each in Topic]: Reading<Topics[Each]> } = {
	people: { parse: (payload) => (payload === '' ? null : [payload === '*' ? null : payload]), missed: [null] },
	accounts: { parse: (payload) => [payload.split(',').filter((id) => id !== '')], missed: [[]] },
	notifications: {
		parse: (payload) => {
			const [userId = '', id = ''] = payload.split(':');
			return [userId, id];
		}
	},
	albums: {
		parse: (payload) => {
			const [albumId = '', userIds = ''] = payload.split(':');
			return [albumId, userIds.split(',')];
		}
	},
	assets: {
		parse: (payload) => {
			const [sent, ownerId = '', locked, ids = ''] = payload.split(':');
			const kind = assetChangeKinds.find((known) => known === sent);
			return kind ? [{ kind, ownerId, isLocked: locked === 'locked', ids: ids.split(',') }] : null;
		}
	},
	maintenance: document,
	settings: document,
	releases: document
};

const isTopic = (name: string): name is Topic => Object.hasOwn(readings, name);
const topics = Object.keys(readings).filter(isTopic);
const documents = topics.filter((topic) => readings[topic].isDocument);

const prefix = 'immich_auth_';
/** Returns the PostgreSQL channel on which a topic is notified. */
export const channelOf = (name: string): string => `${prefix}${name}`;
export const topicChannels: readonly string[] = topics.map(channelOf);

/** What a feature does when the database reports a change. A promise must not reject. */
export type ChangeHandlers = { readonly [Each in Topic]?: (...change: Topics[Each]) => void | Promise<void> };

/** The handlers of each topic, called in the order in which they were added. */
export class TopicHandlers {
	readonly #added: ChangeHandlers[] = [];
	readonly #running = new Set<Promise<void>>();

	/** Adds handlers, called after those added before. */
	add(handlers: ChangeHandlers): void {
		this.#added.push(handlers);
	}

	/** Calls the handlers of a notification’s topic. */
	receive(channel: string, payload: string): void {
		const topic = channel.slice(prefix.length);
		if (isTopic(topic)) this.#report(topic, readings[topic].parse(payload));
	}

	/** Reports that notifications may have been missed. */
	miss(missed: readonly Topic[] = topics): void {
		for (const topic of missed) this.#report(topic, readings[topic].missed);
	}

	/** Reports that any document kept in memory may have changed. */
	rereadDocuments(): void {
		this.miss(documents);
	}

	/** Waits for all handlers that are running. */
	async finished(): Promise<void> {
		await Promise.all(this.#running);
	}

	#report<Each extends Topic>(topic: Each, change: Topics[Each] | null | undefined): void {
		if (change) for (const { [topic]: handle } of this.#added) this.#track(handle?.(...change));
	}

	#track(handling: void | Promise<void>): void {
		if (!handling) return;
		const tracked = handling.finally(() => this.#running.delete(tracked));
		this.#running.add(tracked);
	}
}
