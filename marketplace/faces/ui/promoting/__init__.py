"""Parts of the marketer's pages: who may be shown, slots, pasted numbers, exports."""
