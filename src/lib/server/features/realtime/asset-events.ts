import PQueue from 'p-queue';
import type { Asset } from '#lib/contract/assets/asset.ts';
import type { LiveEvents } from '#lib/contract/realtime/live-events.ts';
import { toOwnAssetDto, type AssetRepository, type AssetRow } from '#lib/server/features/assets/index.ts';
import type { AssetChange } from '#lib/server/platform/database/change-topics.ts';
import type { Log } from '#lib/server/platform/log.ts';

/** A connection of the assets' owner. */
export interface AssetListener {
	/** Whether it may hear of locked assets at this moment. */
	readonly isElevated: boolean;
	readonly emit: <Name extends keyof LiveEvents>(name: Name, ...payload: Parameters<LiveEvents[Name]>) => void;
}

interface Dependencies {
	readonly assets: Pick<AssetRepository, 'list'>;
	/** Reads the connections of a user. */
	readonly listeners: (userId: string) => Promise<readonly AssetListener[]>;
	readonly log: Log;
}

/** Sends the events of assets to their owners; only unlocked sessions hear of locked ones. */
export class AssetEvents {
	readonly #deps: Dependencies;
	/** One at a time, so that a connection hears of changes in their order. */
	readonly #sending = new PQueue({ concurrency: 1 });

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Sends a change in its turn. */
	add(change: AssetChange): void {
		this.#sending
			.add(() => this.#send(change))
			.catch((error: unknown) => this.#deps.log.warn({ error }, 'A change of photos could not be sent to their owner'));
	}

	/** Discards what hasn't been sent, and waits for what is being sent. */
	async stop(): Promise<void> {
		this.#sending.clear();
		await this.#sending.onIdle();
	}

	async #send(change: AssetChange): Promise<void> {
		const { assets, listeners } = this.#deps;
		const { kind, ownerId, isLocked, ids } = change;
		const isWithAssets = kind === 'upload' || kind === 'update' || kind === 'hide';
		const rows = isWithAssets ? await assets.list(ids) : [];
		// After the rows, so that no session that was locked meanwhile is taken for an unlocked one.
		const all = await listeners(ownerId);
		const hearing = isLocked ? all.filter(({ isElevated }) => isElevated) : all;
		for (const listener of hearing) sendTo(listener, change, rows);
	}
}

function sendTo(listener: AssetListener, { kind, ids }: AssetChange, rows: readonly AssetRow[]): void {
	const { emit, isElevated } = listener;
	switch (kind) {
		case 'upload':
			// Clients add these to the timeline.
			for (const row of rows) if (isInLibrary(row)) emit('on_upload_success', toOwnAssetDto(row));
			break;
		case 'update':
			for (const row of rows)
				if (isElevated || row.visibility !== 'locked') emit('on_asset_update', toOwnAssetDto(row));
			break;
		case 'hide':
			sendHidden(listener, ids, rows);
			break;
		case 'trash':
			emit('on_asset_trash', ids);
			break;
		case 'restore':
			emit('on_asset_restore', ids);
			break;
		case 'delete':
			for (const id of ids) emit('on_asset_delete', id);
			break;
	}
}

/** A session that isn't unlocked knows the ID from before; an unlocked one sees where the asset is now. */
function sendHidden({ emit, isElevated }: AssetListener, ids: readonly string[], rows: readonly AssetRow[]): void {
	const visible = isElevated ? rows : [];
	const locked = new Map<string, Asset>(
		visible.filter(({ visibility }) => visibility === 'locked').map((row) => [row.id, toOwnAssetDto(row)])
	);
	for (const id of ids) {
		const asset = locked.get(id);
		if (asset) emit('on_asset_update', asset);
		else emit('on_asset_hidden', id);
	}
}

const isInLibrary = ({ visibility, deletedAt }: AssetRow): boolean =>
	deletedAt === null && (visibility === 'timeline' || visibility === 'archive');
