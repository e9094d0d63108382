import type { Auth } from './caller.ts';
import type { QueueOptions } from '../crypto/fair-queue.ts';
import { toNetwork } from './network.ts';
import type { ClientInfo } from './client-info.ts';

/** Queues hashing per user (an ID or email), network and IPv6 block; it is canceled when the client disconnects. */
export function toQueueOptions(user: string, { address, disconnectSignal }: ClientInfo): QueueOptions {
	const { name, blocks } = toNetwork(address);
	const networks = [name, ...blocks.map((block) => block.name)].map((network) => `network:${network}`);
	return { lanes: [`user:${user}`, ...networks], signal: disconnectSignal };
}

/** The turn of a signed-in caller, not delayed by others' sign-ins with the same email. */
export const toCallerQueueOptions = ({ user, clientInfo }: Auth): QueueOptions => toQueueOptions(user.id, clientInfo);
