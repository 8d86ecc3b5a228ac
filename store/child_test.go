package store_test

func childMain() {}
