import {
	mdiAndroid,
	mdiApple,
	mdiCellphone,
	mdiLaptop,
	mdiLinux,
	mdiMicrosoftWindows,
	mdiMonitor,
	mdiTabletCellphone
} from '@mdi/js';

const bySystem: readonly (readonly [pattern: RegExp, icon: string])[] = [
	[/ipad|tablet/i, mdiTabletCellphone],
	[/android/i, mdiAndroid],
	[/ios|iphone/i, mdiCellphone],
	[/mac/i, mdiApple],
	[/windows/i, mdiMicrosoftWindows],
	[/chrom(e|ium) ?os/i, mdiLaptop],
	[/linux|ubuntu|fedora/i, mdiLinux]
];

/** Returns a device's icon by its system; an app with an unknown system counts as a phone. */
export function sessionIcon({ deviceOS, appVersion }: { deviceOS: string; appVersion: string | null }): string {
	const known = bySystem.find(([pattern]) => pattern.test(deviceOS));
	return known?.[1] ?? (appVersion === null ? mdiMonitor : mdiCellphone);
}
