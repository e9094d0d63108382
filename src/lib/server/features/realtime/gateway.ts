import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server, type DefaultEventsMap, type Socket } from 'socket.io';
import {
	immichEventsPath,
	refusedText,
	type LiveEvents,
	type Release,
	type Topic
} from '#lib/contract/realtime/live-events.ts';
import type { Authenticator } from '#lib/server/features/sessions/index.ts';
import type { RequestSource } from '#lib/server/platform/caller/request-site.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { MaintenanceMode, MaintenanceService } from '#lib/server/features/maintenance/index.ts';
import type { AssetRepository } from '#lib/server/features/assets/index.ts';
import type { AssetChange } from '#lib/server/platform/database/change-topics.ts';
import { type NotificationRepository, toNotificationDto } from '#lib/server/features/notifications/index.ts';
import type { ReleaseWatch, ServerService } from '#lib/server/features/server-info/index.ts';
import { admit, type Handshake } from './admission.ts';
import { AssetEvents, type AssetListener } from './asset-events.ts';
import { isElevatedOwner, type ConnectionOwner, type ConnectionOwners } from './connection-owners.ts';
import { Recheck } from './recheck.ts';
import { TopicBatcher } from './topic-batcher.ts';

interface SocketData {
	owner?: ConnectionOwner;
}
type Events = DefaultEventsMap;
type LiveSocket = Socket<Events, LiveEvents, Events, SocketData>;

interface Dependencies {
	/** Immich's, unless an Immich behind this server has it. */
	readonly path: string;
	readonly authenticator: Authenticator;
	readonly owners: ConnectionOwners;
	readonly mode: MaintenanceMode;
	readonly maintenance: MaintenanceService;
	readonly server: ServerService;
	readonly notifications: NotificationRepository;
	readonly assets: Pick<AssetRepository, 'list'>;
	readonly releases: Pick<ReleaseWatch, 'newer'>;
	readonly log: Log;
}

/**
 * Lets a client that ends its own session get the response first.
 * Source: docs/wire-reference/websockets.md#connection.
 */
const farewellMs = 500;
/** How often all connections are checked for a session or key that has expired, or ended without the triggers. */
const ageCheckMs = 30_000;
/** Clients send nothing; socket.io’s own packets are far smaller. */
const maxPacketBytes = 4_096;

const stoppingText = 'The server is stopping';

/** All admitted connections; nothing is sent before admission. */
const allConnections = 'all';
const allConsoles = 'console';
const consoleAdmins = 'console:admins';
const getConsoleRoom = (userId: string) => `console:${userId}`;

/**
 * Sends live events over websockets. All of them come from the database's change feed, which every instance receives and
 * passes on to its own connections: docs/decisions/020.
 */
export class Gateway {
	readonly #deps: Dependencies;
	readonly #io: Server<Events, LiveEvents, Events, SocketData>;
	readonly #recheck: Recheck;
	readonly #topics: TopicBatcher;
	readonly #assetEvents: AssetEvents;
	readonly #ageTimer: ReturnType<typeof setInterval>;
	#getSource: (request: IncomingMessage) => RequestSource = () => ({ origin: '', address: '' });
	#isDetached = false;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
		this.#io = new Server({
			path: dependencies.path,
			destroyUpgrade: dependencies.path === immichEventsPath,
			transports: ['websocket'],
			serveClient: false,
			maxHttpBufferSize: maxPacketBytes,
			connectTimeout: 10_000,
			allowRequest: (_, answer) => answer(this.#isDetached ? stoppingText : null, !this.#isDetached)
		});
		this.#io.on('connection', (socket) => {
			// An unhandled event of this name would end the process.
			socket.on('error', () => undefined);
			this.#receive(socket).catch((error: unknown) => {
				this.#deps.log.error({ error }, 'A websocket could not be admitted');
				socket.conn.close();
			});
		});
		this.#recheck = new Recheck((userIds) => this.#check(userIds), dependencies.log);
		this.#topics = new TopicBatcher((room, topics) => this.#io.local.to(room).emit('console_change', topics));
		this.#assetEvents = new AssetEvents({
			assets: dependencies.assets,
			listeners: (userId) => this.#listAssetListeners(userId),
			log: dependencies.log
		});
		this.#ageTimer = setInterval(() => this.#recheck.add(null), ageCheckMs);
		this.#ageTimer.unref();
	}

	/**
	 * Serves websockets on a server; the returned function closes them all and admits no more, so that clients connect to
	 * the next one.
	 */
	attach(server: HttpServer, getSource: (request: IncomingMessage) => RequestSource): () => void {
		this.#getSource = getSource;
		this.#io.attach(server);
		return () => {
			this.#isDetached = true;
			this.#cutAll();
			// Closes connections that are not yet sockets of socket.io.
			this.#io.engine.close();
		};
	}

	/** A user, session or key has changed; null if it may be any user’s. */
	onUser(userId: string | null): void {
		if (userId !== null && this.#io.sockets.adapter.rooms.has(userId)) this.#recheck.add(userId);
		if (userId === null) this.#recheck.add(null);
		this.#note(consoleAdmins, userId === null ? 'users' : `user:${userId}`);
		if (userId !== null) this.#note(getConsoleRoom(userId), `user:${userId}`);
	}

	/** Users were created, changed or deleted; a few deletions are sent to everyone by ID. */
	onUserList(deletedIds: readonly string[]): void {
		this.#note(consoleAdmins, 'userList');
		for (const id of deletedIds) this.#io.local.to(allConnections).emit('on_user_delete', id);
	}

	/** A user has a new notification. It is read only if the user has a connection here. */
	onNotification(userId: string, id: string): void {
		const { notifications, log } = this.#deps;
		if (!this.#io.sockets.adapter.rooms.has(userId)) return;
		notifications
			.find(userId, id)
			.then((row) => row && this.#io.local.to(userId).emit('on_notification', toNotificationDto(row)))
			.catch((error: unknown) => log.warn({ error }, 'A notification could not be sent to its user'));
	}

	/** An album was changed by another member. */
	onAlbum(albumId: string, userIds: readonly string[]): void {
		for (const userId of userIds) this.#io.local.to(userId).emit('on_album_update', albumId);
	}

	/** A user's assets have changed. They are read only if the user has a connection here. */
	onAssets(change: AssetChange): void {
		if (this.#io.sockets.adapter.rooms.has(change.ownerId)) this.#assetEvents.add(change);
	}

	/** Settings have changed: clients read them again. */
	onSettings(): void {
		this.#io.local.to(allConnections).emit('on_config_update');
	}

	/** There is a newer version. */
	onRelease(release: Release): void {
		this.#io.local.to(allConnections).emit('on_new_release', release);
	}

	/** Maintenance may have been announced. */
	onMaintenancePlan(): void {
		this.#note(allConsoles, 'maintenance');
	}

	/** Maintenance has started or ended: all clients reconnect and are admitted by other rules. */
	onMaintenance(isMaintenanceMode: boolean): void {
		this.#io.local.to(allConnections).emit('AppRestartV1', { isMaintenanceMode });
		this.#cutAll();
	}

	/** Closes all connections and waits for checks in progress. */
	async stop(): Promise<void> {
		clearInterval(this.#ageTimer);
		this.#topics.stop();
		await this.#assetEvents.stop();
		await this.#recheck.stop();
		this.#cutAll();
	}

	#note(room: string, topic: Topic): void {
		if (this.#io.sockets.adapter.rooms.has(room)) this.#topics.add(room, topic);
	}

	/** Closes the transport: clients reconnect after that, but not after a disconnect. */
	#cutAll(): void {
		for (const socket of this.#io.sockets.sockets.values()) socket.conn.close();
	}

	async #receive(socket: LiveSocket): Promise<void> {
		const { mode, maintenance, authenticator } = this.#deps;
		if (mode.isOn) {
			await socket.join(allConnections);
			return void socket.emit('MaintenanceStatusV1', maintenance.status());
		}
		const handshake: Handshake = { headers: socket.handshake.headers, source: this.#getSource(socket.request) };
		const known = await admit(authenticator, handshake);
		if (!known) return this.#refuse(socket);
		// Joins the room before checking again, so that a change in between isn't missed.
		await socket.join([known.userId, known.id]);
		const owner = await admit(authenticator, handshake);
		if (owner?.id !== known.id) return this.#refuse(socket);
		socket.data.owner = owner;
		await socket.join(allConnections);
		await this.#joinConsoleRooms(socket, owner);
		const { server, releases } = this.#deps;
		socket.emit('on_server_version', server.version());
		if (releases.newer) socket.emit('on_new_release', releases.newer);
	}

	async #joinConsoleRooms(socket: LiveSocket, owner: ConnectionOwner): Promise<void> {
		const { auth } = socket.handshake;
		const { userId, isAdmin } = owner;
		if (auth['client'] !== 'console') return;
		await socket.join([allConsoles, getConsoleRoom(userId)]);
		tellElevation(socket, owner);
		if (isAdmin) await socket.join(consoleAdmins);
		else await socket.leave(consoleAdmins);
	}

	#refuse(socket: LiveSocket): void {
		socket.emit('error', refusedText);
		socket.disconnect(true);
	}

	/** Checks the connections of these users, or of all users, and ends those whose credential is no longer valid. */
	async #check(userIds: readonly string[] | null): Promise<void> {
		const { owners, mode } = this.#deps;
		const sockets = this.#listSockets(userIds);
		// In maintenance, no user and no session is read or connected.
		if (sockets.length === 0 || mode.isOn) return;
		const { good, mustChangePassword } = await owners.readStates(sockets.map(({ owner }) => owner));
		for (const { socket, owner } of sockets) {
			const now = good.get(owner.id);
			if (mustChangePassword.has(owner.id)) this.#suspend(socket);
			else if (!now) this.#end(socket, owner);
			else {
				socket.data.owner = now;
				if (now.isAdmin !== owner.isAdmin) await this.#joinConsoleRooms(socket, now);
				else if (now.elevatedUntil !== owner.elevatedUntil && socket.rooms.has(allConsoles)) tellElevation(socket, now);
			}
		}
	}

	/** Reads again which of a user's connections may hear of locked assets. */
	async #listAssetListeners(userId: string): Promise<AssetListener[]> {
		const sockets = this.#listSockets([userId]);
		if (sockets.length === 0 || this.#deps.mode.isOn) return [];
		const { good } = await this.#deps.owners.readStates(sockets.map(({ owner }) => owner));
		return sockets.flatMap(({ socket, owner }) => {
			const now = good.get(owner.id);
			return now ? [{ isElevated: isElevatedOwner(now), emit: socket.emit.bind(socket) }] : [];
		});
	}

	#listSockets(userIds: readonly string[] | null): { socket: LiveSocket; owner: ConnectionOwner }[] {
		const { sockets, adapter } = this.#io.sockets;
		const ids = userIds?.flatMap((userId) => [...(adapter.rooms.get(userId) ?? [])]) ?? [...sockets.keys()];
		return ids.flatMap((id) => {
			const socket = sockets.get(id);
			const owner = socket?.data.owner;
			return socket && owner ? [{ socket, owner }] : [];
		});
	}

	/**
	 * Refuses a connection as a new one would be. Its session is still valid, so it must not receive a session-ended event:
	 * apps would sign out.
	 */
	#suspend(socket: LiveSocket): void {
		this.#silence(socket);
		this.#refuse(socket);
	}

	/** Sends the socket nothing from now on. */
	#silence(socket: LiveSocket): void {
		delete socket.data.owner;
		for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
	}

	/** Sends the socket nothing from now on except that its session has ended. */
	#end(socket: LiveSocket, { kind, id }: ConnectionOwner): void {
		this.#silence(socket);
		void sleep(farewellMs, undefined, { ref: false }).then(() => {
			if (kind === 'session') socket.emit('on_session_delete', id);
			socket.disconnect(true);
		});
	}
}

/** Tells an open page how long its session stays elevated: asking would count as use, which extends it. */
const tellElevation = (socket: LiveSocket, { elevatedUntil }: ConnectionOwner): void =>
	void socket.emit('console_elevation', elevatedUntil === null ? 0 : Math.max(0, elevatedUntil - Date.now()));
