import { exit } from '../../../bin/exit.ts';
import { lifecycle } from '#lib/server/app/lifecycle.ts';

/** A process whose requests end only when they are cut off, and which reports its progress. */
const say = (line: string) => process.stdout.write(`${line}\n`);
let cut = () => {};
const requests = new Promise<void>((resolve) => (cut = resolve));

exit.run(() => {
	lifecycle.resources.add('requests', () => {
		say('closing');
		return requests;
	});
	exit.onHurry(() => {
		say('cut');
		cut();
	});
	setInterval(() => undefined, 60_000);
	say('ready');
	return Promise.resolve();
});
