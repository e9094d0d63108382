import type { Auth } from './caller.ts';
import type { Turn } from '../crypto/fair-queue.ts';
import { networkOf } from './network.ts';
import type { Origin } from './client-info.ts';

/** Hashing queues per account, network and IPv6 block, and is canceled when the client disconnects. */
export function turnOf(account: string, { address, gone }: Origin): Turn {
	const { name, blocks } = networkOf(address);
	const networks = [name, ...blocks.map((block) => block.name)].map((network) => `network:${network}`);
	return { lanes: [`account:${account}`, ...networks], signal: gone };
}

/** The turn of a signed-in caller, not delayed by others' sign-ins with the same email. */
export const turnOfCaller = ({ user, origin }: Auth): Turn => turnOf(user.id, origin);
