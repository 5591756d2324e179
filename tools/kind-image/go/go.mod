module tablefull/kind-image

go 1.22
