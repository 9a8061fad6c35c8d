'use client';
export { default } from '../(admin)/error.tsx';
