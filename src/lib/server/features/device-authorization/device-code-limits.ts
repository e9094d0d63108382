import { toNetwork } from '#lib/server/platform/caller/network.ts';
import type { PoolConnection } from '#lib/server/platform/database/store.ts';
import { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import { tooManyDeviceCodes } from './errors.ts';

const quarterOfAnHour = 15 * 60;
const requestLimit = { name: 'device-code', attempts: 30, periodSeconds: 10 * 60 };
const userLimit = { name: 'user-code', attempts: 10, periodSeconds: quarterOfAnHour };
/** More, because several users may share an address. */
const networkLimit = { name: 'user-code-from', attempts: 50, periodSeconds: quarterOfAnHour };

/** Public networks are limited, with the larger blocks they are in; a private one may be a proxy for everyone: docs/decisions/017. */
function publicNetworks(address: string): string[] {
	const { name, isPublic, blocks } = toNetwork(address);
	return isPublic ? [name, ...blocks.map((block) => block.name)] : [];
}

/** Who types a user code, and from where. */
interface Guesser {
	readonly userId: string;
	readonly address: string;
}

/** Limits how many codes a network requests, and how many wrong ones a user or a network types. */
export class DeviceCodeLimits {
	readonly #requests: RateLimiter;
	readonly #byUser: RateLimiter;
	readonly #byNetwork: RateLimiter;

	constructor(pool: PoolConnection['pool']) {
		this.#requests = new RateLimiter(pool, requestLimit, tooManyDeviceCodes);
		this.#byUser = new RateLimiter(pool, userLimit);
		this.#byNetwork = new RateLimiter(pool, networkLimit);
	}

	/**
	 * Counts a request for a code.
	 * @throws {AppError} 429 above the limit
	 */
	async countRequest(address: string): Promise<void> {
		await this.#requests.count(publicNetworks(address));
	}

	/**
	 * Counts a typed code before it is looked up, so that parallel guesses can't bypass the limit.
	 * @throws {AppError} 429 above a limit
	 */
	async countGuess({ userId, address }: Guesser): Promise<void> {
		await this.#byUser.count([userId]);
		await this.#byNetwork.count(publicNetworks(address));
	}

	/** Takes back the count of a right code. */
	async takeBackGuess({ userId, address }: Guesser): Promise<void> {
		await Promise.all([this.#byUser.takeBack([userId]), this.#byNetwork.takeBack(publicNetworks(address))]);
	}
}
