import { networkInterfaces } from 'node:os';

/** An IPv4 address of this machine other than loopback: a peer that is untrusted unless configured. */
export function outerAddress(): string {
	const found = Object.values(networkInterfaces())
		.flatMap((addresses) => addresses ?? [])
		.find(({ internal, family }) => !internal && family === 'IPv4');
	if (!found) throw new Error('This test needs a network interface with an IPv4 address');
	return found.address;
}
