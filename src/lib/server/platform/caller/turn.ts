import type { Auth } from './caller.ts';
import type { Turn } from '../crypto/fair-queue.ts';
import { networkOf } from './network.ts';
import type { Origin } from './client-info.ts';

/** Hashing for one account, or for one network or block of IPv6, waits for itself, and ends when the client is gone. */
export function turnOf(account: string, { address, gone }: Origin): Turn {
	const { name, blocks } = networkOf(address);
	const networks = [name, ...blocks.map((block) => block.name)].map((network) => `network:${network}`);
	return { lanes: [`account:${account}`, ...networks], signal: gone };
}

/** The turn of a signed-in caller, whom sign-ins by others with the same email don't hold up. */
export const turnOfCaller = ({ user, origin }: Auth): Turn => turnOf(user.id, origin);
