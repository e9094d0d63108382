import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server, type DefaultEventsMap, type Socket } from 'socket.io';
import {
	liveEventsPath,
	refusedText,
	type LiveEvents,
	type Release,
	type Topic
} from '#lib/contract/realtime/live-events.ts';
import type { Authenticator } from '#lib/server/features/access/index.ts';
import type { RequestSource } from '#lib/server/app/lifecycle.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { MaintenanceMode, MaintenanceService } from '#lib/server/features/maintenance/index.ts';
import { type NotificationRepository, toNotificationDto } from '#lib/server/features/notifications/index.ts';
import type { ReleaseWatch, ServerService } from '#lib/server/features/server-info/index.ts';
import { admit, type Handshake } from './admission.ts';
import type { Holder, Holders } from './connection-owners.ts';
import { Recheck } from './recheck.ts';
import { TopicBox } from './topic-batcher.ts';

interface SocketData {
	holder?: Holder;
}
type Events = DefaultEventsMap;
type LiveSocket = Socket<Events, LiveEvents, Events, SocketData>;

interface Dependencies {
	readonly authenticator: Authenticator;
	readonly holders: Holders;
	readonly mode: MaintenanceMode;
	readonly maintenance: MaintenanceService;
	readonly server: ServerService;
	readonly notifications: NotificationRepository;
	readonly releases: Pick<ReleaseWatch, 'newer'>;
	readonly log: Log;
}

/** So that who ends their own session hears of it by the answer first. Source: wire reference 12. */
const farewellMs = 500;
/** How often all connections are checked for a session or a key that has expired, or ended without the triggers. */
const ageCheckMs = 30_000;
/** Those who listen send nothing; a packet of socket.io’s own is far smaller. */
const maxPacketBytes = 4_096;

const stoppingText = 'The server is stopping';

/** Those who have been admitted: nothing is told to anybody before. */
const everybody = 'everybody';
const everyConsole = 'console';
const consoleAdmins = 'console:admins';
const consoleOf = (userId: string) => `console:${userId}`;

/**
 * Tells everybody who listens over a websocket what concerns them. All that is told was heard from the database, which every
 * instance hears: each tells its own connections: docs/decisions/020.
 */
export class Gateway {
	readonly #with: Dependencies;
	readonly #io: Server<Events, LiveEvents, Events, SocketData>;
	readonly #recheck: Recheck;
	readonly #topics: TopicBox;
	readonly #ageTimer: ReturnType<typeof setInterval>;
	#sourceOf: (request: IncomingMessage) => RequestSource = () => ({ origin: '', address: '' });
	#isDetached = false;

	constructor(dependencies: Dependencies) {
		this.#with = dependencies;
		this.#io = new Server({
			path: liveEventsPath,
			transports: ['websocket'],
			serveClient: false,
			maxHttpBufferSize: maxPacketBytes,
			connectTimeout: 10_000,
			allowRequest: (_, answer) => answer(this.#isDetached ? stoppingText : null, !this.#isDetached)
		});
		this.#io.on('connection', (socket) => {
			// Unheard, an event of this name would end the process.
			socket.on('error', () => undefined);
			this.#receive(socket).catch((error: unknown) => {
				this.#with.log.error({ error }, 'A websocket could not be admitted');
				socket.conn.close();
			});
		});
		this.#recheck = new Recheck((userIds) => this.#check(userIds), dependencies.log);
		this.#topics = new TopicBox((room, topics) => this.#io.local.to(room).emit('console_change', topics));
		this.#ageTimer = setInterval(() => this.#recheck.add(null), ageCheckMs);
		this.#ageTimer.unref();
	}

	/** Serves websockets on a server; what it returns ends them all and admits no more, so that clients connect to the next one. */
	attach(server: HttpServer, sourceOf: (request: IncomingMessage) => RequestSource): () => void {
		this.#sourceOf = sourceOf;
		this.#io.attach(server);
		return () => {
			this.#isDetached = true;
			this.#cutAll();
			// Those that have not come as far as being a socket of socket.io.
			this.#io.engine.close();
		};
	}

	/** A person, a session or a key has changed; null when it may be anybody’s. */
	onPerson(userId: string | null): void {
		if (userId !== null && this.#io.sockets.adapter.rooms.has(userId)) this.#recheck.add(userId);
		if (userId === null) this.#recheck.add(null);
		this.#note(consoleAdmins, userId === null ? 'people' : `person:${userId}`);
		if (userId !== null) this.#note(consoleOf(userId), `person:${userId}`);
	}

	/** Accounts were made, changed or deleted; of so few that were deleted everybody is told which. */
	onAccounts(deletedIds: readonly string[]): void {
		this.#note(consoleAdmins, 'accounts');
		for (const id of deletedIds) this.#io.local.to(everybody).emit('on_user_delete', id);
	}

	/** A person was told something. It is read only where somebody listens. */
	onNotification(userId: string, id: string): void {
		const { notifications, log } = this.#with;
		if (!this.#io.sockets.adapter.rooms.has(userId)) return;
		notifications
			.find(userId, id)
			.then((row) => row && this.#io.local.to(userId).emit('on_notification', toNotificationDto(row)))
			.catch((error: unknown) => log.warn({ error }, 'A notification could not be told'));
	}

	onSettings(): void {
		this.#io.local.to(everybody).emit('on_config_update');
	}

	onRelease(release: Release): void {
		this.#io.local.to(everybody).emit('on_new_release', release);
	}

	/** Something may have been announced. */
	onMaintenancePlan(): void {
		this.#note(everyConsole, 'maintenance');
	}

	/** Maintenance has begun or ended: everybody comes back and is admitted by other rules. */
	onMaintenance(isMaintenanceMode: boolean): void {
		this.#io.local.to(everybody).emit('AppRestartV1', { isMaintenanceMode });
		this.#cutAll();
	}

	async stop(): Promise<void> {
		clearInterval(this.#ageTimer);
		this.#topics.stop();
		await this.#recheck.stop();
		this.#cutAll();
	}

	#note(room: string, topic: Topic): void {
		if (this.#io.sockets.adapter.rooms.has(room)) this.#topics.add(room, topic);
	}

	/** A connection that is cut is made anew by its client; one that is disconnected is not. */
	#cutAll(): void {
		for (const socket of this.#io.sockets.sockets.values()) socket.conn.close();
	}

	async #receive(socket: LiveSocket): Promise<void> {
		const { mode, maintenance, authenticator } = this.#with;
		if (mode.isOn) {
			await socket.join(everybody);
			return void socket.emit('MaintenanceStatusV1', maintenance.status());
		}
		const handshake: Handshake = { headers: socket.handshake.headers, source: this.#sourceOf(socket.request) };
		const known = await admit(authenticator, handshake);
		if (!known) return this.#refuse(socket);
		// In the room first, and then looked at once more: a change in between is missed by neither.
		await socket.join([known.userId, known.id]);
		const holder = await admit(authenticator, handshake);
		if (holder?.id !== known.id) return this.#refuse(socket);
		socket.data.holder = holder;
		await socket.join(everybody);
		await this.#place(socket, holder);
		const { server, releases } = this.#with;
		socket.emit('on_server_version', server.version());
		if (releases.newer) socket.emit('on_new_release', releases.newer);
	}

	async #place(socket: LiveSocket, { userId, isAdmin }: Holder): Promise<void> {
		const { auth } = socket.handshake;
		if (auth['client'] !== 'console') return;
		await socket.join([everyConsole, consoleOf(userId)]);
		if (isAdmin) await socket.join(consoleAdmins);
		else await socket.leave(consoleAdmins);
	}

	#refuse(socket: LiveSocket): void {
		socket.emit('error', refusedText);
		socket.disconnect(true);
	}

	/** Looks at the connections of these users, or of all users, and ends those whose credential is no longer good. */
	async #check(userIds: readonly string[] | null): Promise<void> {
		const { holders, mode } = this.#with;
		const sockets = this.#socketsOf(userIds);
		// In maintenance no account and no session is read, and nobody is connected by one.
		if (sockets.length === 0 || mode.isOn) return;
		const { good, mustChangePassword } = await holders.readStates(sockets.map(({ holder }) => holder));
		for (const { socket, holder } of sockets) {
			const now = good.get(holder.id);
			if (mustChangePassword.has(holder.id)) this.#suspend(socket);
			else if (!now) this.#end(socket, holder);
			else if (now.isAdmin !== holder.isAdmin) {
				socket.data.holder = now;
				await this.#place(socket, now);
			}
		}
	}

	#socketsOf(userIds: readonly string[] | null): { socket: LiveSocket; holder: Holder }[] {
		const { sockets, adapter } = this.#io.sockets;
		const ids = userIds?.flatMap((userId) => [...(adapter.rooms.get(userId) ?? [])]) ?? [...sockets.keys()];
		return ids.flatMap((id) => {
			const socket = sockets.get(id);
			const holder = socket?.data.holder;
			return socket && holder ? [{ socket, holder }] : [];
		});
	}

	/** Refuses a connection as a new one would be. Its session stands, so it must not hear that it has ended: apps would sign out. */
	#suspend(socket: LiveSocket): void {
		this.#silence(socket);
		this.#refuse(socket);
	}

	/** Sends the socket nothing from now on. */
	#silence(socket: LiveSocket): void {
		delete socket.data.holder;
		for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
	}

	/** Sends the socket nothing from now on but that it has ended. */
	#end(socket: LiveSocket, { kind, id }: Holder): void {
		this.#silence(socket);
		void sleep(farewellMs, undefined, { ref: false }).then(() => {
			if (kind === 'session') socket.emit('on_session_delete', id);
			socket.disconnect(true);
		});
	}
}
