import * as z from 'zod';

/** Before any schema is made: else zod tries whether it may compile code, which our content policy reports. */
z.config({ jitless: true });
