/** What the forms of maintenance offer, in minutes. */
export const startChoices = ['0', '5', '15', '30', '60', '240', '1440'] as const;
/** The empty one stands for no end. */
export const spanChoices = ['', '15', '30', '60', '120', '240', '480', '1440'] as const;
export const keepChoices = ['30', '60', '120', '240', '480', '1440'] as const;
