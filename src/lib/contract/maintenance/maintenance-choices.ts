/** Options of the maintenance forms, in minutes. */
export const startChoices = ['0', '5', '15', '30', '60', '240', '1440'] as const;
/** Empty means no end. */
export const spanChoices = ['', '15', '30', '60', '120', '240', '480', '1440'] as const;
export const keepChoices = ['30', '60', '120', '240', '480', '1440'] as const;
