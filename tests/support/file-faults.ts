import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Operation = 'chmod' | 'chown' | 'link';

/** Makes file operations fail as on a file system without hard links or modes, such as exFAT, while a function runs. */
export async function withFileFaults<T>(
	codes: Readonly<Partial<Record<Operation, string | null>>>,
	run: () => Promise<T>
): Promise<T> {
	const { chmod, chown, link } = fs.promises;
	const failing = (name: Operation, real: (typeof fs.promises)[Operation]) => {
		const code = codes[name];
		if (code === undefined) return real;
		// Null: the operation claims success but has no effect.
		return code === null
			? () => Promise.resolve()
			: () => Promise.reject(Object.assign(new Error(`${code}: ${name}`), { code }));
	};
	Object.assign(fs.promises, {
		chmod: failing('chmod', chmod),
		chown: failing('chown', chown),
		link: failing('link', link)
	});
	syncBuiltinESMExports();
	try {
		return await run();
	} finally {
		Object.assign(fs.promises, { chmod, chown, link });
		syncBuiltinESMExports();
	}
}
